import type { Language } from '@xinglin/web-shared/language.ts';
import { useEffect, useState } from 'react';

const voice = (): SpeechSynthesis | null => ('speechSynthesis' in window ? window.speechSynthesis : null);
/** A little slower than talk: most who use it are elderly. */
const RATE = 0.9;

/** Reads text aloud in the phone's own voice. `read` is null where the phone has none. */
export function useReadAloud(language: Language): { read: ((id: string, text: string) => void) | null; stop: () => void; reading: string | null } {
  const [reading, setReading] = useState<string | null>(null);
  useEffect(() => () => voice()?.cancel(), []);
  const speech = voice();
  const stop = (): void => {
    speech?.cancel();
    setReading(null);
  };
  const read = (id: string, text: string): void => {
    stop();
    const said = new SpeechSynthesisUtterance(text);
    said.lang = language;
    said.rate = RATE;
    said.onend = () => setReading((now) => (now === id ? null : now));
    said.onerror = said.onend;
    setReading(id);
    speech?.speak(said);
  };
  return { read: speech === null ? null : read, stop, reading };
}
