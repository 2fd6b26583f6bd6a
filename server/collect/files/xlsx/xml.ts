/**
 * Tags and text of an XML document as its bytes arrive, without a tree. Enough for the parts of a workbook: namespaces are cut off names, entities of
 * XML itself and numbered ones are read, declarations, comments and processing instructions are passed over. A document type is refused: no workbook has one.
 */
import { StringDecoder } from 'node:string_decoder';

export interface XmlHandler {
  /** `attributes`: the text inside the tag after its name; see `attribute`. */
  open(name: string, attributes: string): void;
  text(text: string): void;
  close(name: string): void;
}

export class XmlBroken extends Error {
  override readonly name = 'XmlBroken';
}
/** A tag or a run of text is never longer; what is, is no workbook. */
const HELD_MAX = 4 * 1024 * 1024;

/** Reads to the end, pausing after every piece, so that what the handler gathered can be passed on. */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, handler: XmlHandler): AsyncGenerator<void> {
  const decoder = new StringDecoder('utf8');
  let held = '';
  for await (const each of bytes) {
    held = take(held + decoder.write(Buffer.from(each.buffer, each.byteOffset, each.length)), handler);
    if (held.length > HELD_MAX) throw new XmlBroken();
    yield;
  }
  held = take(held + decoder.end(), handler);
  if (held.trim() !== '') throw new XmlBroken();
  yield;
}

/** Reads what is whole and gives back the rest. */
function take(xml: string, handler: XmlHandler): string {
  let at = 0;
  for (;;) {
    const tag = xml.indexOf('<', at);
    if (tag < 0) return xml.slice(at);
    const end = endOf(xml, tag);
    if (end < 0) return xml.slice(at);
    if (tag > at) handler.text(unescaped(xml.slice(at, tag)));
    const inside = xml.slice(tag + 1, end);
    if (inside.startsWith('![CDATA[')) handler.text(inside.slice(8, -2));
    else if (inside.startsWith('!DOCTYPE') || (inside.includes('<') && !inside.startsWith('!--'))) throw new XmlBroken();
    else if (inside.startsWith('/')) handler.close(localName(inside.slice(1)));
    else if (inside[0] !== '?' && inside[0] !== '!') opened(inside, handler);
    at = end + 1;
  }
}

function endOf(xml: string, tag: number): number {
  if (xml.startsWith('<!--', tag)) {
    const end = xml.indexOf('-->', tag + 4);
    return end < 0 ? -1 : end + 2;
  }
  if (xml.startsWith('<![CDATA[', tag)) {
    const end = xml.indexOf(']]>', tag + 9);
    return end < 0 ? -1 : end + 2;
  }
  return xml.indexOf('>', tag);
}

function opened(inside: string, handler: XmlHandler): void {
  const isEmpty = inside.endsWith('/');
  const body = isEmpty ? inside.slice(0, -1) : inside;
  const space = body.search(/\s/);
  const name = localName(space < 0 ? body : body.slice(0, space));
  handler.open(name, space < 0 ? '' : body.slice(space));
  if (isEmpty) handler.close(name);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).trim();

/** The value of an attribute by its local name; null when the tag has none. */
export function attribute(attributes: string, name: string): string | null {
  let pattern = patterns.get(name);
  if (pattern === undefined) {
    pattern = new RegExp(`(?:^|[\\s:])${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`);
    patterns.set(name, pattern);
  }
  const found = pattern.exec(attributes);
  return found === null ? null : unescaped(found[1] ?? found[2] ?? '');
}

const patterns = new Map<string, RegExp>();

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
