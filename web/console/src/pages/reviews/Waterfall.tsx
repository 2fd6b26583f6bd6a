import type { ReviewDetail, WeightStep } from '@xinglin/contracts/api.ts';
import { decimal, listed } from '@xinglin/web-shared/format.ts';
import { useCallback, useMemo } from 'react';
import { useWords } from '../../i18n.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Figure } from '../../ui/chart/Figure.tsx';
import { useLook } from '../../ui/chart/use-look.ts';
import { loudest, waterfallBars, waterfallOption } from './waterfall.ts';
import { useChance, useCodeWord } from './words.ts';

const ROW_HEIGHT = 30;
const plain = (day: string): string => day;

/** Which evidence made the score: a bar for each field, from the odds of two strangers to the sum. */
export function Waterfall({ detail }: { detail: ReviewDetail }) {
  const { t, language } = useWords();
  const word = useCodeWord();
  const say = useCallback((value: number | null) => decimal(value, language, 1), [language]);
  const look = useLook(say, plain);
  const fieldWord = (field: string): string => word(['linkField'], field);
  const name = (step: WeightStep): string => `${fieldWord(step.field)} · ${word(['linkGrade'], step.grade)}`;
  const bars = waterfallBars(detail, name, { prior: t('desk.waterfall.prior'), total: t('desk.waterfall.total') });
  const option = useMemo(() => waterfallOption(bars, look), [JSON.stringify(bars), look]);
  const height = bars.length * ROW_HEIGHT + 28;
  const title = useFinding(detail, fieldWord);
  return (
    <Figure
      title={title}
      note={t('desk.waterfall.note', { edition: detail.edition })}
      head={[t('desk.waterfall.step'), t('desk.waterfall.weight'), t('desk.waterfall.sum')]}
      rows={bars.map((bar) => [bar.name, bar.weight, bar.to])}
      shown={bars.map((bar) => [bar.name, say(bar.weight), say(bar.to)])}
      height={height}
    >
      <Chart option={option} height={height} label={title} />
    </Figure>
  );
}

function useFinding({ steps, probability }: ReviewDetail, fieldWord: (field: string) => string): string {
  const { t, language } = useWords();
  const { for: speaking, against: opposed } = loudest(steps);
  const chance = useChance()(probability);
  const fields = listed(speaking.map(fieldWord), language);
  const against = opposed === null ? '' : fieldWord(opposed);
  if (fields !== '' && against !== '') return t('desk.waterfall.findingBoth', { fields, against, chance });
  if (fields !== '') return t('desk.waterfall.findingFor', { fields, chance });
  return against === '' ? t('desk.waterfall.findingNone') : t('desk.waterfall.findingAgainst', { against, chance });
}
