import type { PatientInbox } from '@xinglin/contracts/api.ts';
import { patientApi } from '@xinglin/web-shared/api/patient.ts';
import { pick } from '@xinglin/web-shared/language.ts';
import { useState } from 'react';
import { useSentence } from './problem.tsx';
import { useSettings } from './words.tsx';

type Consents = PatientInbox['consents'];

/** One press gives, one press withdraws: the same control, the same effort. */
export function ConsentList({ consents, onChange }: { consents: Consents; onChange: (consents: Consents) => void }) {
  const { t, language } = useSettings();
  const say = useSentence();
  const [busy, setBusy] = useState<string | null>(null);
  const [note, setNote] = useState<{ text: string; isBad: boolean } | null>(null);
  if (consents.length === 0) return null;
  const change = async (purpose: string, granted: boolean): Promise<void> => {
    setBusy(purpose);
    setNote(null);
    try {
      await patientApi.changeConsent(purpose, granted);
      onChange(consents.map((consent) => (consent.purpose === purpose ? { ...consent, granted } : consent)));
      setNote({ text: t('inbox.changed'), isBad: false });
    } catch (error) {
      setNote({ text: `${t('inbox.changeFailed')} ${say(error)}`, isBad: true });
    } finally {
      setBusy(null);
    }
  };
  return (
    <section className="consents" aria-labelledby="consents-title">
      <h2 id="consents-title">{t('inbox.consents')}</h2>
      <p className="quiet">{t('inbox.consentsLead')}</p>
      <ul>
        {consents.map((consent) => (
          <li key={consent.purpose}>
            <button
              type="button"
              role="switch"
              className="switch-row"
              aria-checked={consent.granted}
              disabled={busy === consent.purpose}
              onClick={() => void change(consent.purpose, !consent.granted)}
            >
              <span>
                <span className="switch-name">{pick(consent.name, language)}</span>
                <span className="quiet">{pick(consent.explanation, language)}</span>
              </span>
              <span className="switch" aria-hidden>
                <span className="switch-word">{consent.granted ? t('inbox.granted') : t('inbox.withdrawn')}</span>
                <span className="switch-track" />
              </span>
            </button>
          </li>
        ))}
      </ul>
      <p role="status" className={note?.isBad === true ? 'alert' : 'ok'}>
        {note?.text}
      </p>
    </section>
  );
}
