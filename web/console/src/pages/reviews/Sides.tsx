import type { ComparedField, ReviewDetail, ReviewRow } from '@xinglin/contracts/api.ts';
import { Link } from 'react-router';
import { useWords } from '../../i18n.ts';
import { paths } from '../../paths.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { ScrollRegion } from '../../ui/ScrollRegion.tsx';
import { useSourceName } from '../../ui/use-source-name.ts';
import { useCodeWord } from './words.ts';

/** What the engine's grade means for the eye: agreement, something to look at, contradiction, silence. */
export const toneOfGrade = (grade: string): Tone =>
  grade === 'same' ? 'good' : grade === 'different' ? 'bad' : grade === 'missing' || grade === 'incomparable' ? 'none' : 'watch';

type Side = ReviewRow['a'];

/** Two people field by field; where they differ the row is marked by colour and word. */
export function Sides({ detail }: { detail: ReviewDetail }) {
  const { t } = useWords();
  const isOne = detail.state === 'together';
  return (
    <ScrollRegion label={t('desk.sides')}>
      <table className="plain-table sides">
        <caption className="sr-only">{t('desk.sides')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('desk.fieldName')}</th>
            <th scope="col">
              <SideHead name={t('desk.sideA')} side={detail.a} isOne={isOne} />
            </th>
            <th scope="col">
              <SideHead name={t('desk.sideB')} side={detail.b} isOne={isOne} />
            </th>
            <th scope="col">{t('desk.compare')}</th>
          </tr>
        </thead>
        <tbody>
          {detail.fields.map((field) => (
            <FieldRow key={field.field} field={field} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function SideHead({ name, side, isOne }: { name: string; side: Side; isOne: boolean }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  return (
    <>
      {name} · <Link to={paths.personIdentity(side.personId)}>{t('desk.open')}</Link>
      <span className="sub">
        {side.sources.map(sourceName).join(' · ')}
        {!isOne && ` · ${t('desk.records', { count: side.records })}`}
      </span>
    </>
  );
}

function FieldRow({ field }: { field: ComparedField }) {
  const { t } = useWords();
  const word = useCodeWord();
  const tone = toneOfGrade(field.grade);
  return (
    <tr className={tone === 'bad' ? 'differs' : undefined}>
      <th scope="row">{t(`desk.field.${field.field}`)}</th>
      <td>
        <Values field={field.field} values={field.a} />
      </td>
      <td>
        <Values field={field.field} values={field.b} />
      </td>
      <td>
        <Badge tone={tone}>
          {field.grade === 'missing' ? t('desk.missing') : field.grade === 'incomparable' ? t('desk.incomparable') : word(['linkGrade'], field.grade)}
        </Badge>
      </td>
    </tr>
  );
}

function Values({ field, values }: { field: ComparedField['field']; values: ComparedField['a'] }) {
  const { t } = useWords();
  const sourceName = useSourceName();
  if (values.length === 0) return <span className="zero">–</span>;
  return values.map((value) => (
    <div key={value.text + value.sources.join()}>
      <strong className="num-wrap">{field === 'sex' ? t(`patients.${value.text === 'male' ? 'male' : 'female'}`) : value.text}</strong>
      <span className="sub">{value.sources.map(sourceName).join(' · ')}</span>
    </div>
  ));
}
