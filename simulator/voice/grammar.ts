/**
 * A small generative grammar: `{name}` is another rule or a slot, `[a|b|]` one of several words (an empty one may be left out).
 * Compiled once; expanding draws only from the generator given.
 */
import type { Random } from '../random.ts';

type Token = string | { readonly rule: string } | { readonly options: readonly (readonly Token[])[] };
type Line = readonly Token[];

function compile(text: string): Line {
  const tokens: Token[] = [];
  let at = 0;
  let plain = '';
  const push = (token?: Token): void => {
    if (plain !== '') tokens.push(plain);
    plain = '';
    if (token !== undefined) tokens.push(token);
  };
  while (at < text.length) {
    const c = text[at] as string;
    if (c === '{') {
      const end = text.indexOf('}', at);
      push({ rule: text.slice(at + 1, end) });
      at = end + 1;
    } else if (c === '[') {
      const end = text.indexOf(']', at);
      push({
        options: text
          .slice(at + 1, end)
          .split('|')
          .map(compile),
      });
      at = end + 1;
    } else {
      plain += c;
      at++;
    }
  }
  push();
  return tokens;
}

export class Grammar {
  private readonly rules = new Map<string, readonly Line[]>();

  constructor(rules: Readonly<Record<string, readonly string[]>>) {
    for (const [name, lines] of Object.entries(rules)) this.rules.set(name, lines.map(compile));
  }

  has(rule: string): boolean {
    return this.rules.has(rule);
  }

  /** Slots win over rules of the same name. */
  say(rule: string, random: Random, slots: Readonly<Record<string, string>> = {}): string {
    const slot = slots[rule];
    if (slot !== undefined) return slot;
    const lines = this.rules.get(rule);
    if (lines === undefined) throw new RangeError(`no rule ${rule} in the grammar`);
    return this.line(random.pick(lines), random, slots);
  }

  private line(line: Line, random: Random, slots: Readonly<Record<string, string>>): string {
    let text = '';
    for (const token of line) {
      if (typeof token === 'string') text += token;
      else if ('rule' in token) text += this.say(token.rule, random, slots);
      else text += this.line(random.pick(token.options), random, slots);
    }
    return text;
  }
}
