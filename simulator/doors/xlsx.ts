/**
 * Workbooks as Chinese hospital systems export them: a title over the whole width in merged cells, a line with period and maker, the header, the rows,
 * and perhaps a last line of totals. Ids are text, so that leading zeros and eighteen digits survive.
 */
import { zipOf } from './zip.ts';

export interface SheetForm {
  readonly title: string;
  /** Under the title, also merged; empty: there is none. */
  readonly note: string;
  readonly header: readonly string[];
  /** Columns whose cells are numbers. */
  readonly numeric: ReadonlySet<string>;
  /** Columns summed in a last line that begins with 合计; none: no such line. */
  readonly totals: readonly string[];
}

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const NUMBER = /^-?(?:0|[1-9]\d{0,13})(?:\.\d+)?$/;

const FIXED = [
  {
    name: '[Content_Types].xml',
    body: `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  },
  {
    name: '_rels/.rels',
    body: `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  },
  {
    name: 'xl/workbook.xml',
    body: `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  },
  {
    name: 'xl/_rels/workbook.xml.rels',
    body: `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
  },
  {
    name: 'xl/styles.xml',
    body: `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="宋体"/></font><font><b/><sz val="16"/><name val="黑体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0" fillId="0" borderId="0" xfId="0"/><xf fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment horizontal="center"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  },
].map(({ name, body }) => ({ name, body: Buffer.from(body) }));

/** `A`, `Z`, `AA` … of a column from 0. */
export function columnName(index: number): string {
  let name = '';
  for (let left = index; left >= 0; left = Math.floor(left / 26) - 1) name = String.fromCharCode(65 + (left % 26)) + name;
  return name;
}

const escaped = (text: string): string => text.replace(/[&<>]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : '&gt;'));

/** `rows`: cells divided by tabs, lines by LF (see `xlsxLine`). */
export function workbookOf(form: SheetForm, rows: string): Buffer {
  const names = form.header.map((_, i) => columnName(i));
  const isNumber = form.header.map((name) => form.numeric.has(name));
  const sums = form.header.map((name) => (form.totals.includes(name) ? 0 : Number.NaN));
  const lines: string[] = [];
  const merges: string[] = [];
  const cell = (name: string, text: string, style = 0): string =>
    `<c r="${name}${lines.length + 1}"${style > 0 ? ` s="${style}"` : ''} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  const row = (cells: string): void => void lines.push(`<row r="${lines.length + 1}">${cells}</row>`);
  for (const [text, style] of [
    [form.title, 1],
    [form.note, 0],
  ] as const) {
    if (text === '') continue;
    merges.push(`<mergeCell ref="A${lines.length + 1}:${names.at(-1)}${lines.length + 1}"/>`);
    row(cell('A', text, style));
  }
  row(form.header.map((text, i) => cell(names[i] as string, text)).join(''));
  for (const line of rows.split('\n')) {
    if (line === '') continue;
    let cells = '';
    line.split('\t').forEach((text, i) => {
      if (text === '') return;
      if (isNumber[i] && NUMBER.test(text)) {
        cells += `<c r="${names[i]}${lines.length + 1}"><v>${text}</v></c>`;
        sums[i] = (sums[i] as number) + Number(text);
      } else cells += cell(names[i] as string, text);
    });
    row(cells);
  }
  if (form.totals.length > 0) {
    const total = sums.map((sum, i) => (Number.isNaN(sum) ? '' : `<c r="${names[i]}${lines.length + 1}"><v>${Number(sum.toFixed(2))}</v></c>`));
    row(cell('A', '合计') + total.join(''));
  }
  const merged = merges.length === 0 ? '' : `<mergeCells count="${merges.length}">${merges.join('')}</mergeCells>`;
  const sheet = `${XML}<worksheet xmlns="${MAIN}"><sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`;
  return zipOf([...FIXED, { name: 'xl/worksheets/sheet1.xml', body: Buffer.from(sheet) }]);
}

/** One row for `workbookOf`: a cell holds no tab and no line end. */
export const xlsxLine = (fields: readonly (string | number | null | undefined)[]): string =>
  `${fields.map((each) => (each === null || each === undefined ? '' : String(each).replace(/[\t\r\n]+/g, ' '))).join('\t')}\n`;
