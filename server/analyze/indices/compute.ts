import type { FactName, Viewer } from '@xinglin/contracts';
import type { Warehouse } from '../../lake/index.ts';
import type { Access } from '../../platform/index.ts';
import type { IndexValue } from './combine.ts';
import type { IndexId } from './definition.ts';
import * as evidence from './evidence.sql.ts';
import { heat } from './heat.ts';
import { loyalty } from './loyalty.ts';
import type { Evidence } from './rolling.ts';
import { wordOfMouth } from './word-of-mouth.ts';

export type IndexSeries = Readonly<Record<IndexId, readonly IndexValue[]>>;

/** The facts the indices rest on; news of any other moves nothing. */
export const INDEX_FACTS: readonly FactName[] = ['review', 'event', 'survey_answer', 'complaint', 'encounter', 'condition', 'followup', 'person_record'];

interface Deps {
  readonly warehouse: Warehouse;
  readonly access: Pick<Access, 'scope'>;
  readonly zoneHours: number;
}

/** The three indices for every day of the range as the viewer may see them, from eight aggregate statements. */
export async function computeIndices({ warehouse, access, zoneHours }: Deps, viewer: Viewer, from: string, to: string): Promise<IndexSeries> {
  const frame: evidence.EvidenceFrame = { from, to, zoneHours, rule: (fact, alias) => access.scope(viewer, `fact_${fact}`, alias, 'duckdb').where };
  const read = ({ sql, params }: evidence.Statement): Promise<Evidence[]> => warehouse.query<Evidence>(sql, params);
  const [mentions, satisfaction, nps, positive, complaints, visits, returning, adherence] = await Promise.all([
    read(evidence.mentions(frame)),
    read(evidence.satisfaction(frame)),
    read(evidence.recommendation(frame)),
    read(evidence.positiveReviews(frame)),
    read(evidence.complaints(frame)),
    read(evidence.visits(frame)),
    read(evidence.returning(frame)),
    read(evidence.adherence(frame)),
  ]);
  return {
    heat: heat(mentions, from, to),
    'word-of-mouth': wordOfMouth({ satisfaction, nps, positive, complaints, visits }, from, to),
    loyalty: loyalty({ returning, adherence }, from, to),
  };
}
