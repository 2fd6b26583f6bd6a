import { editionOf } from './definition.ts';
import { METRICS } from './definitions/index.ts';
import { infoOf } from './metrics.ts';

const KINDS: Record<(typeof METRICS)[number]['kind'], string> = {
  count: 'count 计数',
  sum: 'sum 合计',
  share: 'share 占比，Wilson 95 %',
  mean: 'mean 均值，t 95 %',
  nps: 'net promoter 净推荐值，95 %',
  rate: 'rate 发生率，Poisson 95 %',
  ratio: 'ratio 比值',
};

/** The reference page of all metrics, from the definitions themselves. */
export function metricsReference(): string {
  const lines = [
    '# Metrics 指标口径',
    '',
    'Made from `server/analyze/metrics/definitions`; do not edit. `npx vitest run server/analyze/metrics/reference.test.ts -u` makes it anew.',
    '',
    `${METRICS.length} metrics. Every one answers \`GET /api/v1/metrics/{id}?from=&to=&by=&grain=&where=\` and drills to its rows at \`/api/v1/metrics/{id}/rows\`.`,
    'A figure is scale × numerator ÷ denominator; groups with fewer observations than *least n* are not ranked (their value is withheld, n is shown).',
    'Trends of survey metrics never mix modes. Days are local days of the campus. 口径来源标注“一般口径”的，引用前须核对官方文本。',
    '',
    '| id | 名称 | name | unit | better |',
    '|---|---|---|---|---|',
    ...METRICS.map((each) => `| [${each.id}](#${each.id}) | ${each.name.zh} | ${each.name.en} | ${each.unit} | ${BETTER[each.direction]} |`),
  ];
  for (const each of METRICS) {
    const info = infoOf(each);
    lines.push(
      '',
      `## ${each.id}`,
      '',
      `**${each.name.zh} · ${each.name.en}** · \`${editionOf(each)}\``,
      '',
      `- 公式：${each.formula.zh}`,
      `- Formula: ${each.formula.en}`,
      `- Kind: ${KINDS[each.kind]}; unit ${each.unit}; scale ${each.scale}; least n ${each.nMin === 0 ? 'none' : each.nMin}; better ${BETTER[each.direction]}`,
      `- Facts: ${[...new Set(each.sides.map((side) => `\`${side.fact}\``))].join(', ')}`,
      `- Dimensions: ${each.dimensions.join(', ')}${each.neverMix === undefined ? '' : `; never mixes ${each.neverMix} in one trend`}`,
      `- Source: ${info.source}`,
      `- Owner: ${info.owner}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

const BETTER = { up: 'higher', down: 'lower', none: '–' } as const;
