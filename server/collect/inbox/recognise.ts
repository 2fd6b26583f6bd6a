/** What a file is, by its first bytes. The name only helps to tell NDJSON from one long JSON text. */
import { type Noted, noted } from '../errors.ts';

export type Recognised =
  | { readonly type: 'hl7v2' }
  | { readonly type: 'fhir'; readonly isLines: boolean }
  | { readonly type: 'csv'; readonly isWorkbook?: boolean }
  | Noted;

/** Bytes looked at. */
export const HEAD_BYTES = 64 * 1024;

const SAVE_AS_CSV = [
  '请在表格软件中去掉密码，另存为 xlsx 或“CSV UTF-8（逗号分隔）”后再导入。',
  'Save it without a password as xlsx or “CSV UTF-8 (comma delimited)” in the spreadsheet program and send that.',
] as const;
const UNPACK = ['请先解压再导入其中的文件。', 'Unpack it and send the files inside.'] as const;
const EXPORT_TEXT = ['请从系统中导出为 HL7、FHIR 或 CSV 文本。', 'Export text from the system: HL7, FHIR or CSV.'] as const;
const AS_UTF8 = ['请另存为 UTF-8 或 GB18030 编码。', 'Save it as UTF-8 or GB18030.'] as const;

interface Signature {
  readonly bytes: string;
  readonly at?: number;
  readonly kind: readonly [string, string];
  readonly advice: readonly [string, string];
}
const SIGNATURES: readonly Signature[] = [
  { bytes: '89504e470d0a1a0a', kind: ['PNG 图片', 'a PNG picture'], advice: EXPORT_TEXT },
  { bytes: 'ffd8ff', kind: ['JPEG 图片', 'a JPEG picture'], advice: EXPORT_TEXT },
  { bytes: '47494638', kind: ['GIF 图片', 'a GIF picture'], advice: EXPORT_TEXT },
  { bytes: '49492a00', kind: ['TIFF 图片', 'a TIFF picture'], advice: EXPORT_TEXT },
  { bytes: '25504446', kind: ['PDF 文档', 'a PDF document'], advice: EXPORT_TEXT },
  { bytes: 'd0cf11e0a1b11ae1', kind: ['旧版 Office 文档（xls、doc）', 'an old Office document (xls, doc)'], advice: SAVE_AS_CSV },
  { bytes: '1f8b', kind: ['gzip 压缩文件', 'a gzip archive'], advice: UNPACK },
  { bytes: '377abcaf271c', kind: ['7z 压缩文件', 'a 7z archive'], advice: UNPACK },
  { bytes: '526172211a07', kind: ['RAR 压缩文件', 'a RAR archive'], advice: UNPACK },
  { bytes: '28b52ffd', kind: ['zstd 压缩文件', 'a zstd archive'], advice: UNPACK },
  { bytes: '50415231', kind: ['Parquet 数据文件', 'a Parquet file'], advice: ['请导出为 CSV 后再导入。', 'Export it as CSV and send that.'] },
  { bytes: '4449434d', at: 128, kind: ['DICOM 影像', 'a DICOM object'], advice: ['影像请经 DICOM 接口发送。', 'Send it through the DICOM service.'] },
  { bytes: '7f454c46', kind: ['可执行文件', 'a program'], advice: EXPORT_TEXT },
  { bytes: '4d5a90', kind: ['可执行文件', 'a program'], advice: EXPORT_TEXT },
  { bytes: 'fffe', kind: ['UTF-16 文本', 'UTF-16 text'], advice: AS_UTF8 },
  { bytes: 'feff', kind: ['UTF-16 文本', 'UTF-16 text'], advice: AS_UTF8 },
];

const notText = (kind: readonly [string, string], advice: readonly [string, string]): Noted =>
  noted('not-text', { kind: kind[0], kindEn: kind[1], advice: advice[0], adviceEn: advice[1] });

/** `head`: up to `HEAD_BYTES`. An empty file is refused as such. */
export function recognise(head: Uint8Array, name: string): Recognised {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  const zip = zipKind(bytes);
  if (zip !== null) return zip;
  const found = SIGNATURES.find(({ bytes: hex, at = 0 }) => bytes.subarray(at, at + hex.length / 2).equals(Buffer.from(hex, 'hex')));
  if (found !== undefined) return notText(found.kind, found.advice);
  if (bytes.includes(0)) return notText(['二进制数据', 'binary data'], EXPORT_TEXT);
  const text = bytes
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/^[^!-~\x80-\xff]+/, '');
  if (text === '') return noted('empty');
  // FHS and BHS are the envelopes of a batch; other segment names mean a message whose beginning is missing.
  if (/^(MSH|FHS|BHS)[^A-Za-z0-9\s]/.test(text) || (/^[A-Z][A-Z0-9]{2}\|/.test(text) && !/\.(csv|tsv|txt)$/i.test(name))) return { type: 'hl7v2' };
  if (text.startsWith('{')) return { type: 'fhir', isLines: /\.(ndjson|jsonl)$/i.test(name) };
  if (text.startsWith('[')) return noted('json-array');
  if (text.startsWith('<')) return notText(['XML 或网页', 'XML or a web page'], ['请导出为 JSON。', 'Export it as JSON.']);
  if (/\.(hl7|v2)$/i.test(name)) return { type: 'hl7v2' };
  if (/\.(ndjson|jsonl)$/i.test(name)) return { type: 'fhir', isLines: true };
  const line = text.split('\n', 1)[0] ?? '';
  if (/\.(csv|tsv)$/i.test(name) || /[,\t;|]/.test(line)) return { type: 'csv' };
  return noted('unknown-kind');
}

/** Workbooks are zip archives; what is inside tells. */
function zipKind(bytes: Buffer): Recognised | null {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0x504b) return null;
  const inside = bytes.toString('latin1');
  if (/xl\/|\[Content_Types\]\.xml/.test(inside) && !/word\/|ppt\//.test(inside)) return { type: 'csv', isWorkbook: true };
  if (/word\/|ppt\//.test(inside)) return notText(['Office 文档', 'an Office document'], EXPORT_TEXT);
  return notText(['zip 压缩文件', 'a zip archive'], UNPACK);
}
