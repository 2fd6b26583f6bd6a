import { describe, expect, test } from 'vitest';
import { birthCertificate, checkCharacter, foreignPassport, hkMacauPermit, legacyResidentId, mobilePhone, residentId, taiwanPermit } from './identifiers.ts';

// The published forms (DOMAIN B12), written down again here so that the generator is not checked by itself.
const RESIDENT = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82|83|91)\d{4}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]$/;
const RESIDENT_15 = /^[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}$/;
/** ISO 7064 MOD 11-2 by its definition: the whole, read as a polynomial in 2, is 1 modulo 11. */
const isMod112 = (id: string): boolean => [...id].reduce((sum, c) => (sum * 2 + (c === 'X' ? 10 : Number(c))) % 11, 0) === 1;

describe('resident ids', () => {
  test('the check character agrees with published vectors', () => {
    expect(['44030819990110151', '11010519491231002', '81000019940823002', '83000019920130002'].map(checkCharacter)).toEqual(['2', 'X', '1', '2']);
  });

  test('are of the real form, pass the checksum and name birth and sex', () => {
    for (let person = 0; person < 20_000; person += 7) {
      const id = residentId(person, person * 31, '19580704', person % 2 === 0);
      expect(id).toMatch(RESIDENT);
      expect(isMod112(id)).toBe(true);
      expect(Number(id[16]) % 2 === 1).toBe(person % 2 === 0);
      expect(legacyResidentId(id)).toMatch(RESIDENT_15);
    }
  });

  test('never begin with an area that was ever given out', () => {
    // GB/T 2260 uses 01–70 and 90 for the prefecture digits.
    for (let person = 0; person < 5000; person++) {
      const prefecture = Number(residentId(person, person, '20010203', true).slice(2, 4));
      expect(prefecture > 70 && prefecture !== 90).toBe(true);
    }
  });

  test('are all different among people born the same day', () => {
    const ids = new Set<string>();
    for (let person = 0; person < 300_000; person++) ids.add(residentId(person, 0, '19900101', true).slice(2, 17));
    expect(ids.size).toBe(300_000);
  });
});

test('phones have the public form, lie in segments not given out, and are all different', () => {
  const phones = new Set<string>();
  for (let holder = 0; holder < 300_000; holder++) phones.add(mobilePhone(holder));
  expect(phones.size).toBe(300_000);
  for (const phone of [...phones].slice(0, 2000)) expect(phone).toMatch(/^1(?:54|63|64|79|94)\d{8}$/);
});

test('other documents have their published forms', () => {
  for (let person = 0; person < 1000; person++) {
    expect(hkMacauPermit(person)).toMatch(/^[HM]\d{8}$/);
    expect(taiwanPermit(person)).toMatch(/^\d{8}$/);
    expect(foreignPassport(person)).toMatch(/^(?=.*\d)[A-Z0-9]{5,17}$/);
    expect(birthCertificate(person)).toMatch(/^[A-Z]\d{9}$/);
  }
});
