import { Type } from 'typebox';
import { Value } from 'typebox/value';
import type { Queryable } from '../types.ts';
import { refuse } from './errors.ts';
import { type ContactRules, DEFAULT_RULES } from './rules.ts';

export const QUIET_HOURS = 'outbox.quiet-hours';
export const WEEK_BUDGET = 'outbox.week-budget';

const time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const QuietHoursSetting = Type.Object({ from: time, to: time });
const WeekBudgetSetting = Type.Object({ service: Type.Integer({ minimum: 0 }), marketing: Type.Integer({ minimum: 0 }) });

/** The hospital's own limits from `platform.setting`, else the defaults (quiet 21:00–08:00, 6 service and 1 marketing contacts a week). */
export async function contactRules(q: Queryable): Promise<ContactRules> {
  const rows = await q.query<{ name: string; value: string }>('select name, value from platform.setting where name = any($1)', [[QUIET_HOURS, WEEK_BUDGET]]);
  const text = (name: string): string | undefined => rows.find((each) => each.name === name)?.value;
  const [quietText, budgetText] = [text(QUIET_HOURS), text(WEEK_BUDGET)];
  const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
  let { quiet, budget } = DEFAULT_RULES;
  if (quietText !== undefined) {
    const given = parsed(quietText);
    if (!Value.Check(QuietHoursSetting, given)) throw refuse('bad-setting', { setting: QUIET_HOURS, expected: '{"from":"21:00","to":"08:00"}' });
    quiet = { from: minutes(given.from), to: minutes(given.to) };
  }
  if (budgetText !== undefined) {
    const given = parsed(budgetText);
    if (!Value.Check(WeekBudgetSetting, given)) throw refuse('bad-setting', { setting: WEEK_BUDGET, expected: '{"service":6,"marketing":1}' });
    budget = given;
  }
  return { quiet, budget };
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
