import type { useWords } from '../../i18n.ts';

/** `sex` travels as free text here; anything unknown is said so. */
export const sexWord = (sex: string, t: ReturnType<typeof useWords>['t']): string =>
  t(sex === 'male' || sex === 'female' ? `patients.${sex}` : 'patients.unknown');
