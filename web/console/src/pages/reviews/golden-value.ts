import type { GoldenFieldName } from '@xinglin/contracts/api.ts';
import { useWords } from '../../i18n.ts';
import { useInsuranceName } from '../patient/names.ts';
import { useCodeWord } from './words.ts';

/** A golden value as people read it: codes become words. */
export function useGoldenValue(): (field: GoldenFieldName, value: string | null) => string | null {
  const { t } = useWords();
  const word = useCodeWord();
  const insuranceName = useInsuranceName();
  return (field, value) => {
    if (value === null) return null;
    if (field === 'sex') return t(`patients.${value === 'male' ? 'male' : 'female'}`);
    if (field === 'insuranceType') return insuranceName(value);
    if (field === 'deceased') return t('desk.died');
    if (field !== 'identifiers') return value;
    // `type×count` by blanks.
    return value
      .split(' ')
      .map((part) => part.split('×'))
      .map(([type = '', many = '1']) => (many === '1' ? word(['desk', 'identifierType'], type) : `${word(['desk', 'identifierType'], type)} ×${many}`))
      .join(' · ');
  };
}
