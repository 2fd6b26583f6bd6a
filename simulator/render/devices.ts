/** What devices publish: bands, scales and pill boxes at home, monitors at the bedside. Pressure and glucose at home leave by the FHIR gateway instead. */
import { DAY } from '../calendar.ts';
import { bindingLine, type Measured, telemetryLine } from '../doors/mqtt.ts';
import type { Visit } from '../health/plan.ts';
import { identityOf } from '../people/identity.ts';
import { ASTHMA, ageAt, COPD, DIABETES, HYPERTENSION, type Person } from '../people/person.ts';
import { clamp, Random, STREAM } from '../random.ts';
import type { Context } from './context.ts';
import type { Scene } from './scene.ts';

const random = new Random();

/** Share of people with an app who wear or own one; chronic patients, for the pill box. */
const KINDS = [
  { kind: 'band', model: 'XC-Band 3', share: 0.035, gapDays: 1 },
  { kind: 'scale', model: 'XC-Scale S', share: 0.03, gapDays: 3.5 },
  { kind: 'pillbox', model: 'XC-Pill 2', share: 0.04, gapDays: 1 },
] as const;

/** A month of what a person's own devices publish; the binding is published again on its first day, as retained messages are. */
export function sayWearables(context: Context, person: Person, firstDay: number, lastDay: number, lostDay: number): void {
  if (!person.hasApp || !context.wants('mqtt-home')) return;
  const { world } = context;
  const isChronic = (person.conditions & (HYPERTENSION | DIABETES | COPD | ASTHMA)) !== 0;
  random.at(world.seed, STREAM.wearable, person.id, 0);
  const owned = KINDS.filter(({ kind, share }) => random.chance(share) && (kind !== 'pillbox' || isChronic));
  if (owned.length === 0) return;
  const { mrn, account } = identityOf(world, person);
  const from = Math.max(firstDay, person.firstDay);
  for (const { kind, model, gapDays } of owned) {
    const device = `${kind}-${person.id.toString(36).padStart(5, '0')}`;
    random.at(world.seed, STREAM.wearable, person.id, firstDay * 4 + gapDays);
    context.say('mqtt-home', from * DAY + 3600, bindingLine(device, from * DAY + 3600, model, person.isBound ? mrn : null, account));
    const adherence = random.between(0.55, 1);
    const until = Math.min(lastDay + 1, lostDay + 90);
    let day = from + (gapDays > 1 ? random.between(0, gapDays) : 0);
    for (; day < until; day += gapDays > 1 ? random.exponential(gapDays) : 1) {
      const at = Math.floor(day) * DAY + Math.round(random.between(7, 9.5) * 3600);
      const values = valuesOf(person, kind, Math.floor(day), adherence);
      if (values.length > 0) context.say('mqtt-home', at, telemetryLine(device, at, Math.floor(day), values));
    }
  }
}

function valuesOf(person: Person, kind: (typeof KINDS)[number]['kind'], day: number, adherence: number): Measured[] {
  const age = ageAt(person, day);
  if (kind === 'pillbox') {
    const isTaken = random.chance(adherence);
    // A box that was not opened says so in the evening; it is off the net now and then.
    return random.chance(0.03) ? [] : [{ code: '71799-1', value: isTaken ? 1 : 0, unit: '{dose}' }];
  }
  if (kind === 'scale') {
    const height = person.isMale ? 1.71 : 1.59;
    return [{ code: '29463-7', value: Number((person.bmi * height * height + random.normal() * 0.5).toFixed(1)), unit: 'kg' }];
  }
  if (random.chance(0.08)) return [];
  const sleep = clamp(7.2 - Math.max(0, age - 50) * 0.02 + random.normal() * 0.9, 2.5, 10.5);
  return [
    { code: '93832-4', value: Number(sleep.toFixed(1)), unit: 'h' },
    { code: '55423-8', value: Math.round(Math.max(200, 7800 - Math.max(0, age - 40) * 70 + random.normal() * 2600)), unit: '{steps}' },
    { code: '40443-4', value: Math.round(clamp(66 + random.normal() * 6, 42, 105)), unit: '/min' },
  ];
}

/** Wards with monitors at the bedside, and how often those publish a summary. */
const MONITORED = new Set(['CARD', 'RESP', 'NEUR', 'NEON', 'NSUR', 'EMER']);
const EVERY_SECONDS = 6 * 3600;

/** A stay on such a ward: heart rate, oxygen, breathing and temperature, drifting from illness to recovery. */
export function sayBedside(context: Context, scene: Scene, visit: Visit, ward: string, bed: string, admitted: number, discharged: number): void {
  if (!context.wants('mqtt-bedside') || !MONITORED.has(scene.department)) return;
  const { world } = context;
  random.at(world.seed, STREAM.bedside, visit.person.id, visit.ordinal);
  const device = `mon-${ward.slice(2).toLowerCase()}-${bed.padStart(3, '0')}`;
  const first = admitted + 1800;
  context.say('mqtt-bedside', first, bindingLine(device, first, 'XC-Monitor 9', scene.mrn, null));
  const isChild = ageAt(visit.person, visit.day) < 6;
  let sequence = 0;
  for (let at = first + 600; at < discharged; at += EVERY_SECONDS) {
    const illness = 1 - (at - admitted) / Math.max(1, discharged - admitted);
    const values = [
      { code: '8867-4', value: Math.round(clamp((isChild ? 118 : 76) + illness * 16 + random.normal() * 6, 40, 190)), unit: '/min' },
      { code: '59408-5', value: Math.round(clamp(97.5 - illness * 3 + random.normal(), 82, 100)), unit: '%' },
      { code: '9279-1', value: Math.round(clamp((isChild ? 26 : 17) + illness * 4 + random.normal() * 1.5, 8, 60)), unit: '/min' },
      { code: '8310-5', value: Number(clamp(36.6 + illness * 0.9 + random.normal() * 0.25, 35.2, 41).toFixed(1)), unit: 'Cel' },
    ];
    context.say('mqtt-bedside', at, telemetryLine(device, at, sequence++, values));
  }
}
