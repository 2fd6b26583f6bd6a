import { controlOf, document, msh } from '../doors/hl7.ts';
import { DRUGS } from '../health/items.ts';
import { Random, STREAM } from '../random.ts';
import { summaryWords } from '../voice/reports.ts';
import type { Context } from './context.ts';
import { sayPastDocument } from './history.ts';
import { type Scene, seenAs } from './scene.ts';

/** Summaries later replaced by a better one. */
const REPLACED_SHARE = 0.03;
const random = new Random();

/** The discharge summary, as the document system sends it. */
export function renderSummary(context: Context, scene: Scene, discharged: number, operation: string): void {
  const { world } = context;
  const { visit, number, doctor, work } = scene;
  random.at(world.seed, STREAM.document, visit.person.id, visit.ordinal);
  const drug = work.drugs[0];
  const wordsOf = (): string => summaryWords(random, visit, scene.departmentName, operation, drug === undefined ? '出院带药' : DRUGS[drug].nameZh);
  const at = discharged + 7200;
  if (context.historyEnd !== null) {
    const words = wordsOf();
    const isReplaced = random.chance(REPLACED_SHARE);
    sayPastDocument(context, scene, `${number}D1`, words, at, isReplaced ? at + 86_400 : null);
    if (isReplaced) sayPastDocument(context, scene, `${number}D2`, wordsOf(), at + 86_400, null);
    return;
  }
  const say = (event: 'T02' | 'T10', at: number, serial: number, replaces: string): void => {
    const words = wordsOf();
    const body = document({ number: `${number}D${serial}`, type: 'DS', nameZh: '出院小结', at, doctor, replaces, words });
    context.say(
      'doc',
      at,
      msh('DOC', 'MDM', `${event}^MDM_T02`, at, controlOf(world, at, visit.person.id, visit.ordinal * 512 + 400 + serial)) +
        scene.pid +
        seenAs(scene, discharged) +
        body,
    );
  };
  say('T02', at, 1, '');
  if (random.chance(REPLACED_SHARE)) say('T10', at + 86_400, 2, `${number}D1`);
}
