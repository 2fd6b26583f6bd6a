import type { ModelDetail } from '@xinglin/contracts/api.ts';
import { LINK_FIELDS, type LinkModel } from '../linkage/index.ts';

/** A model as people read it: weights of every grade, and how much a name weighs from the commonest to the rare. */
export function detailOf(model: LinkModel): Omit<ModelDetail, 'edition' | 'base' | 'asOf'> {
  const { trainedOn, prior, thresholds } = model;
  return {
    records: trainedOn.records,
    people: trainedOn.people,
    rounds: trainedOn.rounds,
    prior,
    thresholds: { match: thresholds.match, review: thresholds.review },
    fields: LINK_FIELDS.flatMap((field) => {
      const rates = model.fields[field];
      if (rates === undefined) return [];
      return [{ field, grades: Object.entries(rates).map(([grade, { m, u }]) => ({ grade, m, u, weight: Math.log2(m / u) })) }];
    }),
    names: LINK_FIELDS.flatMap((field) => {
      const [shares, same] = [model.shares[field], model.fields[field]?.same];
      if (shares === undefined || same === undefined) return [];
      const common = Object.values(shares.common);
      const least = common.length === 0 ? shares.rest : Math.max(...common);
      return [{ field, listed: common.length, weightLeast: Math.log2(same.m / least), weightRare: Math.log2(same.m / shares.rest) }];
    }),
  };
}
