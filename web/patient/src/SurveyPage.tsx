import type { Bilingual, PatientSurvey } from '@xinglin/contracts/api.ts';
import { idempotencyKey } from '@xinglin/web-shared/api/http.ts';
import { patientApi } from '@xinglin/web-shared/api/patient.ts';
import { dayOf } from '@xinglin/web-shared/format.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Frame, Waiting } from './Frame.tsx';
import { ProblemPage, useSentence } from './problem.tsx';
import { QuestionField } from './SurveyQuestion.tsx';
import { missing, type Question, type Scores, shownQuestions, submissionOf } from './survey.ts';
import { useSettings } from './words.tsx';

/** A reload on a weak network must not cost the answers. Kept for this tab only, and dropped once sent. */
interface Draft {
  readonly scores: Scores;
  readonly text: string;
  readonly key: string;
}
const draftName = (token: string): string => `xinglin.survey.${token.slice(-24)}`;
function readDraft(token: string): Draft {
  try {
    const saved = sessionStorage.getItem(draftName(token));
    if (saved !== null) return JSON.parse(saved) as Draft; // written only by `saveDraft`
  } catch {
    // No storage: the draft lives in memory.
  }
  return { scores: {}, text: '', key: idempotencyKey() };
}
function saveDraft(token: string, draft: Draft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(draftName(token));
    else sessionStorage.setItem(draftName(token), JSON.stringify(draft));
  } catch {
    // As above.
  }
}

export function SurveyPage({ token }: { token: string }) {
  const { t, language } = useSettings();
  const [survey, setSurvey] = useState<PatientSurvey | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [thanks, setThanks] = useState<Bilingual | null>(null);
  const load = useCallback(() => {
    setError(null);
    patientApi.survey(token).then(setSurvey, setError);
  }, [token]);
  useEffect(load, [load]);

  if (error !== null) return <ProblemPage error={error} onRetry={load} />;
  if (survey === null)
    return (
      <Frame hospital={null} title={t('loading')}>
        <Waiting boxes={[24, 132, 132, 132]} />
      </Frame>
    );
  if (thanks !== null || survey.isAnswered)
    return (
      <Frame hospital={survey.hospital} title={thanks === null ? t('survey.againTitle') : t('survey.thanksTitle')}>
        <p className="thanks" role="status">
          {thanks === null ? t('survey.again') : pick(thanks, language)}
        </p>
        <a className="secondary" href="/p/">
          {t('survey.toInbox')}
        </a>
      </Frame>
    );
  return <SurveyForm token={token} survey={survey} onThanks={setThanks} />;
}

function SurveyForm({ token, survey, onThanks }: { token: string; survey: PatientSurvey; onThanks: (thanks: Bilingual) => void }) {
  const { t, language } = useSettings();
  const say = useSentence();
  const [draft, setDraft] = useState(() => readDraft(token));
  const [isSending, setSending] = useState(false);
  const [isChecked, setChecked] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  const change = (next: Draft): void => {
    setDraft(next);
    saveDraft(token, next);
  };

  const shown = shownQuestions(survey.questions, draft.scores);
  const scored = shown.filter((question) => question.kind !== 'text');
  const done = scored.filter((question) => draft.scores[question.id] !== undefined).length;
  const open = missing(shown, draft.scores);

  const submit = async (): Promise<void> => {
    setChecked(true);
    if (open.length > 0) {
      form.current?.querySelector<HTMLElement>(`[data-question="${open[0]?.id ?? ''}"]`)?.scrollIntoView({ block: 'center', behavior: 'smooth' });
      return;
    }
    setSending(true);
    setError(null);
    try {
      const { thanks } = await patientApi.submitSurvey(token, submissionOf(shown, draft.scores, draft.text), draft.key);
      saveDraft(token, null);
      onThanks(thanks);
    } catch (failure) {
      setError(failure);
    } finally {
      setSending(false);
    }
  };

  const visit =
    survey.visitedAt === null
      ? null
      : survey.department === null
        ? t('survey.visitOnly', { at: dayOf(survey.visitedAt) })
        : t('survey.visit', { at: dayOf(survey.visitedAt), department: pick(survey.department, language) });
  return (
    <Frame hospital={survey.hospital} title={pick(survey.title, language)}>
      <p className="quiet">
        {visit !== null && (
          <>
            {visit}
            <br />
          </>
        )}
        {survey.isRerating ? t('survey.rerating') : t('survey.intro')}
      </p>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isSending) void submit();
        }}
      >
        {shown.map((question: Question) => (
          <QuestionField
            key={question.id}
            question={question}
            score={draft.scores[question.id]}
            text={draft.text}
            isMissed={isChecked && open.includes(question)}
            onScore={(score) => change({ ...draft, scores: { ...draft.scores, [question.id]: score } })}
            onText={(text) => change({ ...draft, text })}
          />
        ))}
        <div className="submit-bar">
          {error !== null && (
            <p className="alert" role="alert">
              {say(error)} {t('survey.kept')}
            </p>
          )}
          {isChecked && open.length > 0 && (
            <p className="alert" role="alert">
              {t('survey.missing', { count: open.length })}
            </p>
          )}
          <div className="progress" aria-hidden>
            <span style={{ width: `${(done / Math.max(1, scored.length)) * 100}%` }} />
          </div>
          <div className="submit-row">
            <span className="quiet" role="status">
              {t('survey.progress', { done, all: scored.length })}
            </span>
            <button type="submit" className="primary" disabled={isSending}>
              {isSending ? t('survey.submitting') : t('survey.submit')}
            </button>
          </div>
        </div>
      </form>
    </Frame>
  );
}
