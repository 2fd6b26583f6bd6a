import type { Tx } from '../../platform/index.ts';
import { IDENTIFIER_HOLDERS_MAX } from './resolve.ts';

/**
 * Brings the list of crowded identifiers up to date for those that gained or lost holders. Returns the records to be decided again because
 * their number became crowded or stopped being so; a number that stays crowded costs nothing, however many hold it.
 */
export async function refreshCrowded(tx: Tx, identifiers: readonly { readonly type: string; readonly blind: Buffer }[]): Promise<string[]> {
  if (identifiers.length === 0) return [];
  const changed = await tx.query<{ type: string; blind: Buffer; is_crowded: boolean }>(
    `with asked as (select distinct * from unnest($1::text[], $2::bytea[]) as a(type, blind)),
     counted as (
       select a.type, a.blind, (select count(*) from (select from govern.record_identifier i where i.type = a.type and i.blind = a.blind limit $3 + 1) held) > $3 as is_crowded
       from asked a
     )
     select n.type, n.blind, n.is_crowded
     from counted n left join govern.crowded_identifier c on c.type = n.type and c.blind = n.blind
     where n.is_crowded <> (c.type is not null)`,
    [identifiers.map((each) => each.type), identifiers.map((each) => each.blind), IDENTIFIER_HOLDERS_MAX],
  );
  if (changed.length === 0) return [];
  const columns = (isCrowded: boolean) => {
    const rows = changed.filter((row) => row.is_crowded === isCrowded);
    return [rows.map((row) => row.type), rows.map((row) => row.blind)];
  };
  await tx.query('insert into govern.crowded_identifier (type, blind) select * from unnest($1::text[], $2::bytea[]) on conflict do nothing', columns(true));
  await tx.query(
    'delete from govern.crowded_identifier c using unnest($1::text[], $2::bytea[]) as gone(type, blind) where c.type = gone.type and c.blind = gone.blind',
    columns(false),
  );
  const holders = await tx.query<{ record_key: string }>(
    `select distinct i.record_key from govern.record_identifier i
     join unnest($1::text[], $2::bytea[]) as asked(type, blind) on asked.type = i.type and asked.blind = i.blind`,
    [changed.map((row) => row.type), changed.map((row) => row.blind)],
  );
  return holders.map((row) => row.record_key);
}
