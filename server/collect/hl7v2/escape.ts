/** Escape sequences of HL7 v2, undone last, at the leaf, when all splitting is over. */
import type { Separators } from './message.ts';

/** Text formatting commands that stand for white space; the others (`.fi`, `.nf`, `.in`, `.ti`) say nothing in plain text. */
const formatted = (command: string): string | null => {
  const found = /^\.(br|ce|sp|sk|in|ti|fi|nf)([+-]?\d*)$/.exec(command);
  if (found === null) return null;
  const times = Math.min(Number(found[2] || '1') || 1, 100);
  switch (found[1]) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(Math.abs(times));
    case 'sk':
      return ' '.repeat(Math.abs(times));
    default:
      return '';
  }
};

/** `decode` turns the bytes of `\X..\` into text in the message's charset. Unknown sequences stay as they are. */
export function unescapeText(text: string, separators: Separators, decode: (bytes: Uint8Array) => string): string {
  const mark = separators.escape;
  if (mark === '' || !text.includes(mark)) return text;
  let plain = '';
  let at = 0;
  for (;;) {
    const open = text.indexOf(mark, at);
    const close = open < 0 ? -1 : text.indexOf(mark, open + 1);
    if (close < 0) return plain + text.slice(at);
    const meaning = meaningOf(text.slice(open + 1, close), separators, decode);
    if (meaning === null) {
      // Not a sequence: keep the mark, and let the closing one be tried as an opening one.
      plain += text.slice(at, close);
      at = close;
      continue;
    }
    plain += text.slice(at, open) + meaning;
    at = close + 1;
  }
}

function meaningOf(sequence: string, separators: Separators, decode: (bytes: Uint8Array) => string): string | null {
  switch (sequence) {
    case 'F':
      return separators.field;
    case 'S':
      return separators.component;
    case 'T':
      return separators.subcomponent;
    case 'R':
      return separators.repetition;
    case 'E':
      return separators.escape;
    case 'P':
      return separators.truncation === '' ? null : separators.truncation;
    case 'H':
    case 'N':
      return '';
    default:
  }
  if (/^X(?:[0-9A-Fa-f]{2})+$/.test(sequence)) return decode(Buffer.from(sequence.slice(1), 'hex'));
  return formatted(sequence);
}

/** The other way: makes a value safe to stand in a field. Line ends become `\X0D\` and `\X0A\`. */
export function escapeText(text: string, separators: Separators): string {
  const names: Record<string, string> = {
    [separators.field]: 'F',
    [separators.component]: 'S',
    [separators.subcomponent]: 'T',
    [separators.repetition]: 'R',
    [separators.escape]: 'E',
    '\r': 'X0D',
    '\n': 'X0A',
  };
  let escaped = '';
  for (const sign of text) escaped += sign in names && sign !== '' ? `${separators.escape}${names[sign]}${separators.escape}` : sign;
  return escaped;
}
