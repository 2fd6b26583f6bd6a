import { QuestionCircleOutlined } from '@ant-design/icons';
import type { IdentityReport, ReportFigure } from '@xinglin/contracts/api.ts';
import { count, decimal, instant, percent } from '@xinglin/web-shared/format.ts';
import { type Language, pick } from '@xinglin/web-shared/language.ts';
import { Button, Popover } from 'antd';
import { useWords } from '../../i18n.ts';
import { Badge } from '../../ui/Badge.tsx';

/** The value as people read it; rates per 100,000 keep two digits, because the target is one. */
function said(value: number | null, unit: ReportFigure['unit'], language: Language): string {
  if (unit === 'share') return percent(value, language);
  if (unit === 'count') return count(value, language);
  if (unit === 'per-100000' && value !== null && value > 0 && value < 0.01) return '<0.01';
  return decimal(value, language, 2);
}

/** Ends of an interval; below a hundredth they are rounded outwards. */
const interval = ({ lower, upper, unit }: ReportFigure, language: Language) => {
  const isTiny = (value: number | null): boolean => unit === 'per-100000' && value !== null && value < 0.01;
  return { lower: isTiny(lower) ? '0' : said(lower, unit, language), upper: isTiny(upper) ? '0.01' : said(upper, unit, language) };
};

/** The quality report: seven figures in words, each with its interval, its n and how it is made. */
export function Report({ report }: { report: IdentityReport }) {
  const { t, language } = useWords();
  return (
    <section aria-labelledby="identity-report" className="stack">
      <div className="section-head">
        <h2 className="section-title" id="identity-report">
          {t('identityModel.report')}
        </h2>
        <span className="note">
          {report.measuredAt === null
            ? t('identityModel.reportNever', { edition: report.edition })
            : t('identityModel.reportAsOf', { edition: report.edition, at: instant(report.measuredAt) })}
        </span>
      </div>
      <ul className="report-grid">
        {report.figures.map((figure) => (
          <li className="card report-figure" key={figure.id}>
            <div className="report-head">
              <h3>{pick(figure.name, language)}</h3>
              <Method figure={figure} />
            </div>
            <p className="report-value">
              <b>{figure.value === null ? t('identityModel.unknown') : said(figure.value, figure.unit, language)}</b>
              {(figure.target !== null || figure.state === 'watch' || figure.state === 'bad') && figure.state !== 'unknown' && (
                <Badge tone={figure.state === 'none' ? 'none' : figure.state}>{t(`identityModel.state.${figure.state}`)}</Badge>
              )}
            </p>
            <p className="note">
              {[
                figure.lower === null || figure.upper === null ? null : t('chart.intervalText', interval(figure, language)),
                // Of a count, n is the value itself.
                figure.unit === 'count' ? null : `n=${count(figure.n, language)}`,
                figure.target === null ? null : t('identityModel.target', { target: figure.target }),
              ]
                .filter((each) => each !== null)
                .join(' · ')}
            </p>
            <p className="report-sentence">{pick(figure.sentence, language)}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Method({ figure }: { figure: ReportFigure }) {
  const { t, language } = useWords();
  const title = t('identityModel.methodOf', { name: pick(figure.name, language) });
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={title}
      content={
        <div className="method">
          <p>{pick(figure.method, language)}</p>
          {figure.parts.length > 0 && (
            <table className="plain-table">
              <caption className="sr-only">{title}</caption>
              <tbody>
                {figure.parts.map((part) => (
                  <tr key={part.code}>
                    <th scope="row">{pick(part.name, language)}</th>
                    <td>{count(part.count, language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
      }
    >
      <Button size="small" type="text" icon={<QuestionCircleOutlined aria-hidden />} aria-label={title} />
    </Popover>
  );
}
