import type { IdentityFigures, ModelDetail, ModelFigures } from '@xinglin/contracts/api.ts';
import { count, countShort, percent } from '@xinglin/web-shared/format.ts';
import { useCallback, useMemo } from 'react';
import { useWords } from '../../i18n.ts';
import { Chart } from '../../ui/chart/Chart.tsx';
import { Figure } from '../../ui/chart/Figure.tsx';
import { type Line, trendOption } from '../../ui/chart/options.ts';
import { useLook } from '../../ui/chart/use-look.ts';
import { atThreshold, trimmed } from './findings.ts';
import { scoresOption } from './options.ts';

const HEIGHT = 280;
const plain = (text: string): string => text;
/** log2 of the odds a probability is. */
const bits = (chance: number): number => Math.log2(chance / (1 - chance));

/** How candidate pairs score and what becomes of them. */
export function ScoresChart({ figures, thresholds }: { figures: IdentityFigures; thresholds: ModelDetail['thresholds'] }) {
  const { t, language } = useWords();
  const say = useCallback((value: number | null) => countShort(value === null ? null : Math.round(value), language), [language]);
  const look = useLook(say, plain);
  const verdicts = useMemo(() => ({ match: t('identityModel.verdict.match'), review: t('identityModel.verdict.review'), no: t('identityModel.verdict.no') }), [t]); // biome-ignore format: one object
  const bins = useMemo(() => trimmed(figures.scores), [figures]);
  const option = useMemo(
    () =>
      scoresOption(
        bins,
        verdicts,
        [
          { at: bits(thresholds.review), name: verdicts.review },
          { at: bits(thresholds.match), name: verdicts.match },
        ],
        look,
      ),
    [bins, verdicts, thresholds, look],
  );
  const { match, review, no } = figures.verdicts;
  const all = match + review + no;
  const title = t('identityModel.scoresTitle', {
    pairs: say(all),
    match: percent(all === 0 ? null : match / all, language),
    review: percent(all === 0 ? null : review / all, language),
  });
  return (
    <Figure
      title={title}
      note={t('identityModel.scoresNote')}
      height={HEIGHT}
      head={[t('identityModel.score'), verdicts.match, verdicts.review, verdicts.no]}
      rows={bins.map((bin) => [`${bin.from} … ${bin.to}`, bin.match, bin.review, bin.no])}
      shown={bins.map((bin) => [`${bin.from} … ${bin.to}`, say(bin.match), say(bin.review), say(bin.no)])}
    >
      <Chart height={HEIGHT} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}

/** Two digits, and what is not quite all is never written as all. */
const nearlyAll = (value: number | null, language: Parameters<typeof percent>[1]): string =>
  value !== null && value < 1 && value >= 0.99995 ? `>${percent(0.9999, language, 2)}` : percent(value, language, 2);

/** Where a line could be drawn, and what it would get right: by people's decisions where there are enough, and as the model expects. */
export function CurveChart({ found, figures, threshold }: { found: ModelFigures; figures: IdentityFigures; threshold: number }) {
  const { t, language } = useWords();
  const say = useCallback((value: number | null) => nearlyAll(value, language), [language]);
  const look = useLook(say, plain);
  const { labels } = found;
  const isEnough = labels.n >= labels.few;
  const lines = useMemo((): Line[] => {
    const decided = (['precision', 'recall'] as const).map((what) => ({
      id: `labels-${what}`,
      name: t(`identityModel.${what}Labels`),
      hasBand: true,
      points: labels.curve.map((each) => ({ day: String(each.threshold), ...each[what] })),
    }));
    const expected = (['precision', 'recall'] as const).map((what) => ({
      id: `model-${what}`,
      name: t(`identityModel.${what}Model`),
      hasBand: false,
      points: figures.expected.map((each) => ({ day: String(each.threshold), value: each[what], lower: null, upper: null, n: Math.round(each.pairs) })),
    }));
    return [...(isEnough ? decided : []), ...expected];
  }, [labels, figures, isEnough, t]);
  const option = useMemo(() => trendOption(lines, [{ day: String(threshold), name: t('identityModel.inForce') }], look), [lines, threshold, t, look]);
  const [decidedHere, expectedHere] = [atThreshold(labels.curve, threshold), atThreshold(figures.expected, threshold)];
  const title =
    isEnough && decidedHere !== undefined
      ? t('identityModel.curveTitleLabels', {
          threshold,
          precision: say(decidedHere.precision.value),
          recall: say(decidedHere.recall.value),
          n: count(labels.n, language),
        })
      : t('identityModel.curveTitleModel', { threshold, precision: say(expectedHere?.precision ?? null), n: count(labels.n, language) });
  const rows = figures.expected.map((each) => {
    const decided = labels.curve.find((point) => point.threshold === each.threshold);
    return [
      ...[each.threshold, each.precision, each.recall, decided?.precision.value ?? null, decided?.precision.lower ?? null, decided?.precision.upper ?? null],
      ...[decided?.precision.n ?? 0, decided?.recall.value ?? null, decided?.recall.lower ?? null, decided?.recall.upper ?? null, decided?.recall.n ?? 0],
    ];
  });
  const isCount = (at: number): boolean => at === 6 || at === 10;
  return (
    <Figure
      title={title}
      note={
        <>
          {t('identityModel.curveNote')}
          {!isEnough && ` ${t('identityModel.few', { few: labels.few })}`}
        </>
      }
      height={HEIGHT}
      head={[
        t('identityModel.threshold'),
        t('identityModel.precisionModel'),
        t('identityModel.recallModel'),
        t('identityModel.precisionLabels'),
        `${t('chart.lower')} (1)`,
        `${t('chart.upper')} (1)`,
        'n (1)',
        t('identityModel.recallLabels'),
        `${t('chart.lower')} (2)`,
        `${t('chart.upper')} (2)`,
        'n (2)',
      ]}
      rows={rows}
      shown={rows.map((row) => row.map((cell, at) => (at === 0 || isCount(at) ? cell : say(cell))))}
    >
      <Chart height={HEIGHT} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}

/** Records that say too little ever to be linked, by where the line is drawn; by source in the table. */
export function UnlinkableChart({ figures, threshold }: { figures: IdentityFigures; threshold: number }) {
  const { t, language } = useWords();
  const say = useCallback((value: number | null) => percent(value, language), [language]);
  const look = useLook(say, plain);
  const { unlinkable } = figures;
  const name = t('identityModel.unlinkable');
  const option = useMemo(
    () =>
      trendOption(
        [
          {
            id: 'unlinkable',
            name,
            hasBand: false,
            points: unlinkable.byThreshold.map((each) => ({ day: String(each.threshold), value: each.share, lower: null, upper: null, n: unlinkable.n })),
          },
        ],
        [{ day: String(threshold), name: t('identityModel.inForce') }],
        look,
      ),
    [unlinkable, name, threshold, t, look],
  );
  const without = (what: 'phone' | 'id' | 'birth'): string => say(unlinkable.without.find((each) => each.what === what)?.share ?? null);
  const title = t('identityModel.unlinkableTitle', { share: say(unlinkable.share) });
  const rows = [
    ...unlinkable.byThreshold.map((each) => [`${t('identityModel.threshold')} ${each.threshold}`, each.share, unlinkable.n] as const),
    ...unlinkable.bySource.map((each) => [`${t('identityModel.source')} ${each.source}`, each.share, each.n] as const),
  ];
  return (
    <Figure
      title={title}
      note={t('identityModel.unlinkableNote', { n: count(unlinkable.n, language), phone: without('phone'), id: without('id'), birth: without('birth') })}
      height={HEIGHT}
      head={[t('chart.group'), name, t('chart.n')]}
      rows={rows}
      shown={rows.map(([group, value, n]) => [group, say(value), count(n, language)])}
    >
      <Chart height={HEIGHT} option={option} label={t('chart.description', { title })} />
    </Figure>
  );
}
