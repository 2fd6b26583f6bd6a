import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { Page } from '@xinglin/web-shared/api/staff.ts';

/** A list read page by page through its cursor, as one run of rows. */
export function useCursorList<Row>(
  key: readonly unknown[],
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Row>>,
  options: { refetchMs?: number; isEnabled?: boolean } = {},
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    enabled: options.isEnabled ?? true,
    ...(options.refetchMs === undefined ? {} : { refetchInterval: options.refetchMs }),
  });
  const first = query.data?.pages[0];
  return {
    query: { data: query.data, error: query.error, isPending: query.isPending, dataUpdatedAt: query.dataUpdatedAt, refetch: query.refetch },
    rows: query.data?.pages.flatMap((page) => page.rows) ?? [],
    total: first?.total ?? null,
    asOf: first?.asOf,
    onMore: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  };
}
