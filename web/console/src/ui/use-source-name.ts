import { useQuery } from '@tanstack/react-query';
import { staffApi } from '@xinglin/web-shared/api/staff.ts';
import { pickName } from '@xinglin/web-shared/language.ts';
import { useWords } from '../i18n.ts';

const KEPT_MS = 600_000;

/** How people call a source; its code until the names are here, and for one that is not registered. */
export function useSourceName(): (source: string) => string {
  const { language } = useWords();
  const names = useQuery({ queryKey: ['source-names'], queryFn: ({ signal }) => staffApi.sourceNames(signal), staleTime: KEPT_MS });
  return (source) => {
    const named = names.data?.rows.find((row) => row.source === source);
    return named === undefined ? source : pickName(named, language);
  };
}
