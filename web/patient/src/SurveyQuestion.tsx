import { pick } from '@xinglin/web-shared/language.ts';
import { useId } from 'react';
import { useReadAloud } from './speech.ts';
import type { Question } from './survey.ts';
import { useSettings } from './words.tsx';

const TEXT_LENGTH_MAX = 2000;
const FIVE = [1, 2, 3, 4, 5] as const;
const ELEVEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as const;

export interface QuestionFieldProps {
  readonly question: Question;
  readonly score: number | undefined;
  readonly text: string;
  readonly isMissed: boolean;
  readonly onScore: (score: number) => void;
  readonly onText: (text: string) => void;
}

export function QuestionField({ question, score, text, isMissed, onScore, onText }: QuestionFieldProps) {
  const { t, language, isLarge } = useSettings();
  const id = useId();
  const words = pick(question.text, language);
  if (question.kind === 'text')
    return (
      <div className="question" data-question={question.id}>
        <label htmlFor={id}>{words}</label>
        <textarea
          id={id}
          rows={3}
          maxLength={TEXT_LENGTH_MAX}
          value={text}
          placeholder={t('survey.whyHint')}
          onChange={(event) => onText(event.target.value)}
        />
      </div>
    );
  const choices = question.kind === 'nps' ? ELEVEN : FIVE;
  const wordOf = (value: number): string => (question.kind === 'nps' ? t('survey.npsScore', { n: value }) : t(`survey.scale${value as 1 | 2 | 3 | 4 | 5}`)); // a scale has five
  return (
    <fieldset className={`question ${isMissed ? 'is-missed' : ''}`} data-question={question.id}>
      <legend>
        {words}
        {!question.isRequired && <span className="quiet"> {t('survey.optional')}</span>}
      </legend>
      {isLarge && <ReadButton id={question.id} text={words} />}
      <div className={question.kind === 'nps' ? 'choices nps' : 'choices'}>
        {choices.map((value) => (
          <label key={value} className={score === value ? 'choice is-chosen' : 'choice'}>
            <input type="radio" name={id} value={value} checked={score === value} onChange={() => onScore(value)} aria-label={wordOf(value)} />
            <span className="choice-number" aria-hidden>
              {value}
            </span>
            {question.kind === 'scale' && (
              <span className="choice-word" aria-hidden>
                {wordOf(value)}
              </span>
            )}
          </label>
        ))}
      </div>
      {question.kind === 'nps' && (
        <div className="nps-ends quiet" aria-hidden>
          <span>{t('survey.npsLow')}</span>
          <span>{t('survey.npsHigh')}</span>
        </div>
      )}
      {isMissed && (
        <p className="alert" role="alert">
          {t('survey.required')}
        </p>
      )}
    </fieldset>
  );
}

export function ReadButton({ id, text }: { id: string; text: string }) {
  const { t, language } = useSettings();
  const { read, stop, reading } = useReadAloud(language);
  if (read === null) return null;
  return (
    <button type="button" className="tool" onClick={() => (reading === id ? stop() : read(id, text))}>
      {reading === id ? t('stopReading') : t('readAloud')}
    </button>
  );
}
