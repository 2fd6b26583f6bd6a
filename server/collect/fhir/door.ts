import { BODY_BYTES_MAX } from '../../lake/index.ts';
import { noted } from '../errors.ts';
import type { Door, DoorItem } from '../inbox/item.ts';
import { ZONE } from '../time.ts';
import { type FhirItem, FhirSplitter } from './split.ts';

/** Files and uploads of FHIR R4: one delivery per resource. */
export class FhirDoor implements Door {
  readonly type = 'fhir';
  readonly mapping = null;
  readonly #splitter: FhirSplitter;
  readonly #meta: Readonly<Record<string, string>>;

  constructor(isLines: boolean, zone: string) {
    this.#splitter = new FhirSplitter(isLines);
    this.#meta = zone === ZONE ? {} : { zone };
  }

  push(chunk: Uint8Array): DoorItem[] {
    return this.#splitter.push(chunk).map((each) => this.#item(each));
  }
  end(): DoorItem[] {
    return this.#splitter.end().map((each) => this.#item(each));
  }

  #item(item: FhirItem): DoorItem {
    if (item.kind === 'refused') return item;
    const { body, line } = item;
    if (body.length > BODY_BYTES_MAX) return { kind: 'refused', line, ...noted('line-too-long', { line, limitMb: BODY_BYTES_MAX / 1024 / 1024 }) };
    return { kind: 'delivery', body, line, items: 1, meta: this.#meta };
  }
}
