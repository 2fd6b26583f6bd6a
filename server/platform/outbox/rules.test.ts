import { describe, expect, test } from 'vitest';
import { classOf, DEFAULT_RULES, quietUntil } from './rules.ts';

const ZONE = 'Asia/Shanghai';
const local = (text: string): Date => new Date(`2026-03-0${text}:00+08:00`);
const until = (text: string, quiet = DEFAULT_RULES.quiet): string => quietUntil(local(text), 'followup', quiet, ZONE).toISOString();

describe('quiet hours', () => {
  test('delay to eight in the morning, local time, across midnight', () => {
    expect(until('2T20:59')).toBe(local('2T20:59').toISOString());
    expect(until('2T21:00')).toBe(local('3T08:00').toISOString());
    expect(until('2T23:59')).toBe(local('3T08:00').toISOString());
    expect(until('3T00:00')).toBe(local('3T08:00').toISOString());
    expect(until('3T07:59')).toBe(local('3T08:00').toISOString());
    expect(until('3T08:00')).toBe(local('3T08:00').toISOString());
  });

  test('within one day and none at all work too', () => {
    expect(until('2T12:30', { from: 12 * 60, to: 14 * 60 })).toBe(local('2T14:00').toISOString());
    expect(until('2T11:59', { from: 12 * 60, to: 14 * 60 })).toBe(local('2T11:59').toISOString());
    expect(until('2T23:00', { from: 0, to: 0 })).toBe(local('2T23:00').toISOString());
  });

  test('do not hold back care', () => {
    expect(quietUntil(local('2T03:00'), 'care', DEFAULT_RULES.quiet, ZONE)).toEqual(local('2T03:00'));
  });

  test('care, marketing and everything else are three classes', () => {
    expect([classOf('care'), classOf('marketing'), classOf('satisfaction'), classOf('research-identified')]).toEqual([
      'care',
      'marketing',
      'service',
      'service',
    ]);
  });
});
