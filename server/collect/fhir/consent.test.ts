import { describe, expect, it } from 'vitest';
import { recordOf } from '../testing/messages.ts';
import { readFhir } from './read.ts';

const purpose = (...codes: string[]): object[] => codes.map((code) => ({ system: 'urn:xinglin:purpose', code }));
const acts = (more: object) =>
  readFhir(
    recordOf(
      'fhir',
      JSON.stringify({
        resourceType: 'Consent',
        id: 'c1',
        status: 'active',
        scope: {},
        category: [{}],
        patient: { reference: 'Patient/p1' },
        dateTime: '2025-03-01T08:00:00+08:00',
        policy: [{ uri: 'urn:hospital:consent-text:privacy@3' }],
        provision: { type: 'permit', purpose: purpose('followup') },
        ...more,
      }),
      {},
      'emr',
    ),
  ).acts;

describe('Consent', () => {
  it('is one act per purpose, with the edition of the text agreed to', () => {
    expect(acts({})).toEqual([
      {
        act: 'consent',
        subject: { type: 'other', system: 'Patient', value: 'p1' },
        purpose: 'followup',
        channel: null,
        granted: true,
        textEdition: 'privacy@3',
        occurredAt: '2025-03-01T00:00:00.000Z',
      },
    ]);
  });

  it('grants by permit and refuses by deny, inside the main provision too', () => {
    const provision = { type: 'permit', purpose: purpose('followup', 'satisfaction'), provision: [{ type: 'deny', purpose: purpose('marketing') }] };
    expect(acts({ provision }).map((each) => each.act === 'consent' && [each.purpose, each.granted])).toEqual([
      ['followup', true],
      ['satisfaction', true],
      ['marketing', false],
    ]);
  });

  it('grants nothing once it is no longer active, and says nothing when entered in error or without a patient', () => {
    expect(acts({ status: 'inactive' })).toMatchObject([{ purpose: 'followup', granted: false }]);
    expect(acts({ status: 'entered-in-error' })).toEqual([]);
    expect(acts({ patient: { display: 'x' } })).toEqual([]);
  });

  it('passes over purposes nobody here knows', () => {
    expect(acts({ provision: { type: 'permit', purpose: [{ system: 'urn:other', code: 'followup' }, ...purpose('gossip')] } })).toEqual([]);
  });
});
