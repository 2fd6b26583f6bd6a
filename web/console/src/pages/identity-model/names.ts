import { useCallback } from 'react';
import { useWords } from '../../i18n.ts';

const FIELDS = ['surname', 'given-name', 'birth-date', 'sex', 'id-number', 'document', 'mrn', 'insurance', 'phone', 'address'] as const;
const GRADES = [
  ...(['same', 'in-letters', 'same-sound', 'look-alike', 'similar', 'short-form', 'exchanged', 'slip', 'two-slips'] as const),
  ...(['two-parts', 'day-and-month', 'year', 'district', 'different'] as const),
];

/** Fields and results of a comparison in words; what is not known here is shown by its code. */
export function useGradeName(): { fieldName: (field: string) => string; gradeName: (grade: string) => string } {
  const { t } = useWords();
  const fieldName = useCallback(
    (field: string): string => {
      const known = FIELDS.find((each) => each === field);
      return known === undefined ? field : t(`linkField.${known}`);
    },
    [t],
  );
  const gradeName = useCallback(
    (grade: string): string => {
      const known = GRADES.find((each) => each === grade);
      return known === undefined ? grade : t(`linkGrade.${known}`);
    },
    [t],
  );
  return { fieldName, gradeName };
}
