import { useWords } from '../../i18n.ts';

const FORMATS = ['hl7v2', 'fhir', 'csv', 'events', 'loop', 'unknown'] as const;

/** A format in words; one this page does not know stays as it is. */
export function useFormatName(): (type: string) => string {
  const { t } = useWords();
  return (type) => {
    const known = FORMATS.find((each) => each === type);
    return known === undefined ? type : t(`sources.format.${known}`);
  };
}
