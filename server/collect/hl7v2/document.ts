/** MDM → the text of a document as one observation, known by TXA-12; a replacement takes back the one it replaces. */
import { sourceCode } from '../statement.ts';
import { type Context, keyOf, said, staffOf, timeOf } from './context.ts';
import type { Segment } from './message.ts';

export function readDocument(txa: Segment, lines: readonly Segment[], { envelope, patient, draft }: Context): void {
  const localId = txa.get(12) || keyOf(patient.subject.value, txa.get(2), txa.get(4));
  const at = timeOf(txa, 4, envelope.zone) ?? timeOf(txa, 6, envelope.zone) ?? envelope.at;
  const common = {
    fact: 'observation' as const,
    subject: patient.subject,
    encounterLocalId: patient.encounterLocalId,
    occurredAt: at.iso,
    precision: at.precision,
    versionAt: envelope.versionAt,
  };
  const code = sourceCode(txa.get(2), txa.get(2, 2)) ?? { code: 'document', display: null, system: null };
  const isCancelled = envelope.trigger === 'T11';
  const text = lines
    .filter((obx) => /^(TX|FT|ST)$/.test(obx.get(2)))
    .flatMap((obx) => obx.repetitions(5).map((each) => each.text))
    .join('\n')
    .trim();
  if (text !== '' || isCancelled)
    draft.add({
      ...common,
      localId: keyOf('txa', localId),
      deleted: isCancelled,
      values: said({
        code,
        department_code: patient.department,
        staff_code: staffOf(txa, 5) ?? patient.staff,
        category: 'other',
        status: isCancelled ? 'cancelled' : /^(AU|LA)$/.test(txa.get(17)) ? 'final' : 'preliminary',
      }),
      text: text === '' ? null : text,
    });
  const replaced = txa.get(13);
  if (envelope.trigger === 'T10' && replaced !== '' && replaced !== localId)
    draft.add({ ...common, localId: keyOf('txa', replaced), deleted: true, values: { code, category: 'other', status: 'cancelled' } });
}
