/** Consent → one act per purpose it names. */
import { PURPOSES } from '@xinglin/contracts';
import { readIsoTime } from '../time.ts';
import { type FhirContext, patientId } from './context.ts';
import { idIn, listOf, objectOf, textOf } from './elements.ts';

/** Purposes are those of DOMAIN D1, written as codes of this system; other systems' purposes mean nothing here. */
const PURPOSE_SYSTEM = 'urn:xinglin:purpose';
/** The edition of the text that was agreed to, when the source names none. */
const UNSTATED_EDITION = 'unstated@0';

/**
 * The main provision and those inside it: `permit` grants, `deny` refuses. What is no longer active grants nothing: a withdrawal says so by `inactive`.
 * `policy.uri` names the text, its last part being `id@edition`.
 */
export function readConsent({ resource, draft, zone, fallback, isError }: FhirContext): void {
  const patient = idIn(resource['patient'], 'Patient');
  if (patient === null || isError) return;
  const at = readIsoTime(resource['dateTime'], zone) ?? fallback;
  const isActive = resource['status'] === 'active';
  const edition = /([A-Za-z0-9._-]{1,40}@\d{1,4})$/.exec(textOf(listOf(resource['policy'])[0]?.['uri']))?.[1] ?? UNSTATED_EDITION;
  const provision = objectOf(resource['provision']);
  for (const each of [provision, ...listOf(provision['provision'])]) {
    const type = textOf(each['type']);
    if (type !== 'permit' && type !== 'deny') continue;
    for (const purpose of listOf(each['purpose'])) {
      const code = textOf(purpose['code']);
      if (textOf(purpose['system']) !== PURPOSE_SYSTEM || !(PURPOSES as readonly string[]).includes(code)) continue;
      draft.act({
        act: 'consent',
        subject: patientId(patient),
        purpose: code,
        channel: null,
        granted: isActive && type === 'permit',
        textEdition: edition,
        occurredAt: at.iso,
      });
    }
  }
}
