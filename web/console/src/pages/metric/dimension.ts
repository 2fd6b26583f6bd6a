import i18next from 'i18next';
import { useWords } from '../../i18n.ts';

/** What a metric can be sliced by, in words; a dimension added later shows its own code until it has a word. */
export function useDimensionName(): (dimension: string) => string {
  const { t } = useWords();
  return (dimension) => {
    const key = `metric.dimension.${dimension}`;
    // Checked at run time, because metrics name their dimensions in data.
    return i18next.exists(key, { ns: 'staff' }) ? t(key as 'metric.dimension.department') : dimension;
  };
}
