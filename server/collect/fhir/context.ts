import type { Canonical, SourceId } from '@xinglin/contracts';
import type { Draft } from '../statement.ts';
import type { ReadTime } from '../time.ts';
import type { JsonObject } from './accept.ts';

/** What every reader of a resource is given. */
export interface FhirContext {
  readonly type: string;
  readonly id: string;
  readonly resource: JsonObject;
  readonly draft: Draft;
  readonly zone: string;
  readonly source: string;
  readonly versionAt: string | null;
  /** When nothing in the resource says when: its last update, else when it arrived. */
  readonly fallback: ReadTime;
  readonly isError: boolean;
}

/** A FHIR source knows its patients by the id of the Patient resource. */
export const patientId = (id: string): SourceId => ({ type: 'other', system: 'Patient', value: id });

export type Place = Pick<Canonical, 'subject' | 'encounterLocalId' | 'occurredAt' | 'precision' | 'versionAt' | 'deleted'>;
