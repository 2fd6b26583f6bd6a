/**
 * How common a name is may be kept, which name it is may not: a stored model lists the shares of names under keyed hashes. Opened for use,
 * a share is found by the value itself, which only ever is in memory when two records are compared.
 */
import type { Keys } from '../../../platform/index.ts';
import type { LinkField, LinkModel, ValueShares } from '../linkage/index.ts';

/** Hashes remembered while comparing: surnames and common given names; a value that falls out is hashed again. */
const REMEMBERED_MAX = 50_000;

const hashOf = (keys: Keys, field: string, value: string): string => keys.blindIndex(`link-model ${field}`, value).toString('hex');

/** As it is stored: no value in the clear. */
export function sealShares(model: LinkModel, keys: Keys): LinkModel {
  const sealed = Object.entries(model.shares).map(([field, { common, rest }]): [string, ValueShares] => [
    field,
    { common: Object.fromEntries(Object.entries(common).map(([value, share]) => [hashOf(keys, field, value), share] as const).sort(byName)), rest },
  ]); // biome-ignore format: one chain
  return { ...model, shares: Object.fromEntries(sealed) };
}
const byName = ([a]: readonly [string, number], [b]: readonly [string, number]): number => (a < b ? -1 : 1);

/** As it is used: `shares.common[value]` answers for the value although only its hash is known. It cannot be listed. */
export function openShares(model: LinkModel, keys: Keys): LinkModel {
  const opened = Object.entries(model.shares).map(([field, { common, rest }]): [string, ValueShares] => [
    field,
    { common: byValue(common, keys, field as LinkField), rest },
  ]);
  return { ...model, shares: Object.fromEntries(opened) };
}

function byValue(common: Readonly<Record<string, number>>, keys: Keys, field: LinkField): Readonly<Record<string, number>> {
  const byHash = new Map(Object.entries(common));
  const known = new Map<string, number | undefined>();
  return new Proxy<Record<string, number>>(Object.create(null) as Record<string, number>, {
    get(_, value) {
      if (typeof value !== 'string') return undefined;
      if (known.has(value)) return known.get(value);
      const share = byHash.get(hashOf(keys, field, value));
      if (known.size >= REMEMBERED_MAX) known.clear();
      known.set(value, share);
      return share;
    },
    has: () => false,
    ownKeys: () => [],
  });
}
