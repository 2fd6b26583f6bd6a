/** What a person does and is asked outside a visit: consents, readings at home, looking around on the web. */

import { DAY } from '../calendar.ts';
import { consentLine, observationLine, patientLine } from '../doors/fhir.ts';
import type { VitalName } from '../health/items.ts';
import { vitalResult } from '../health/results.ts';
import { identityOf } from '../people/identity.ts';
import { DIABETES, HYPERTENSION, type Person } from '../people/person.ts';
import { recordOf } from '../people/records.ts';
import { Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import { sayPastMeasurement, sayResource } from './history.ts';
import type { Scene } from './scene.ts';

/** Share of people who agree, by purpose; and of those who agreed, who take it back later. */
const CONSENTS = [
  ['followup', 0.96],
  ['satisfaction', 0.93],
  ['health-education', 0.82],
  ['marketing', 0.38],
  ['research-deidentified', 0.7],
  ['device-data', 0.3],
] as const;
const WITHDRAWN_SHARE = 0.02;

const random = new Random();
/** Set to the moment of a reading, so that a reading left out changes no other. */
const values = new Random();

/** Asked at the first registration, said with the last visit before the cut, so that it is in the newest month that names the person. */
export function sayConsents(context: Context, scene: Scene, at: number): void {
  const { isFirst, ordinal } = scene.visit;
  if (context.isLive ? !isFirst && !(context.isFromStart && ordinal === 0) : !scene.isLast) return;
  const { world } = context;
  const { person } = scene.visit;
  random.at(world.seed, STREAM.talk, person.id);
  const asked = Math.min(at, Math.max(person.firstDay, world.startDay - 900) * DAY + 34_200);
  for (const [purpose, share] of CONSENTS) {
    const isGranted = random.chance(share);
    const isWithdrawn = isGranted && random.chance(WITHDRAWN_SHARE);
    context.say('emr', at, consentLine(`${scene.identity.mrn}-${purpose}`, scene.identity.mrn, purpose, isGranted && !isWithdrawn, isWithdrawn ? at : asked));
  }
}

/** Share of chronic patients with a meter or cuff at home that sends its readings. */
const DEVICE_SHARE = 0.28;

/** A month of home readings: pressure for the hypertensive, glucose for the diabetic. */
export function sayHomeReadings(context: Context, person: Person, firstDay: number, lastDay: number, lostDay: number): void {
  const { world } = context;
  const tense = (person.conditions & HYPERTENSION) !== 0;
  const sweet = (person.conditions & DIABETES) !== 0 || person.diabetesFrom < firstDay;
  if (!tense && !sweet) return;
  random.at(world.seed, STREAM.device, person.id, 0);
  if (!random.chance(DEVICE_SHARE)) return;
  const gap = random.between(1.6, 7);
  const identity = identityOf(world, person);
  const { mrn } = identity;
  random.at(world.seed, STREAM.device, person.id, firstDay);
  // In the history the list of devices has a row per person, written in the last month they may send a reading.
  const isPast = context.historyEnd !== null;
  let isIntroduced = isPast;
  const about = { mrn, visit: null };
  const until = Math.min(lastDay + 1, lostDay + 60);
  const start = Math.max(firstDay, person.firstDay);
  if (context.historyEnd !== null && start < until && (lastDay >= context.historyEnd || lostDay + 60 <= lastDay + 1))
    sayResource(context, 'old-device-register', person, identity, start * DAY + 36_000);
  for (let day = Math.max(firstDay, person.firstDay) + random.between(0, gap); day < until; day += random.exponential(gap)) {
    const at = Math.floor(day) * DAY + Math.round((random.chance(0.7) ? random.between(6.3, 9) : random.between(19, 21.5)) * 3600);
    if (!context.happens(at)) continue;
    // A reading alone names nobody: the gateway sends whose it is before the first of a month.
    if (!isIntroduced) context.say('device', at, patientLine(person, identity, recordOf(world, person, 'his'), at));
    isIntroduced = true;
    values.at(world.seed, STREAM.device, person.id, at);
    const names = tense ? (['sbp', 'dbp', 'hr'] as const) : (['glucose'] as const);
    const send = (name: VitalName, time: number, category: 'vital-signs' | 'laboratory'): void => {
      const id = `H${person.id}-${at.toString(36)}-${name}`;
      const result = vitalResult(world, values, person, name, Math.floor(day), time);
      if (isPast) sayPastMeasurement(context, id, mrn, null, result, category === 'laboratory' ? '检验' : '体征');
      else context.say('device', at, observationLine(id, about, result, category));
    };
    for (const name of names) send(name, at, 'vital-signs');
    if (tense && sweet && values.chance(0.6)) send('glucose', at + 60, 'laboratory');
  }
}
