/** The form each door writes: file name, encoding, what stands before, between and after its items, and where its files go. */
import { CSV_FILES, CSV_HEADERS } from './csv-headers.ts';
import { DESK_FILES, DESK_HEADERS, PLATFORM_FILES, PLATFORM_HEADERS, WORKBOOKS, type WorkbookDoor } from './desk-headers.ts';
import { HISTORY_DOORS, HISTORY_TABLES, type HistoryDoor } from './history-tables.ts';

/** `truth` is the answer sheet: written beside the deliveries, never delivered. */
export type PartKind = 'hl7' | 'fhir' | 'csv' | 'xlsx' | 'events' | 'mqtt' | 'dicom' | 'truth';
/**
 * Top folder of a part. The product takes `deliver` and `history` (by `xinglin ingest` or upload; the history lies in `deliver/history`) and `events`
 * (bodies for `/v1/batch`); it has no input yet for `mqtt`
 * (messages to replay against a broker), `dicom` (metadata) and `exports` (tables of desks): those are files only.
 */
export type Folder = 'deliver' | 'history' | 'events' | 'mqtt' | 'dicom' | 'exports' | 'truth';
export const TAKEN_FOLDERS: ReadonlySet<Folder> = new Set(['deliver', 'history', 'events']);
export const ALL_FOLDERS: ReadonlySet<Folder> = new Set(['deliver', 'history', 'events', 'mqtt', 'dicom', 'exports', 'truth']);

export const DOORS = [
  ...HISTORY_DOORS,
  'his',
  'lis',
  'ris',
  'doc',
  'emr',
  'device',
  'booking',
  'survey',
  'complaint',
  'review',
  'weibo',
  'douyin',
  'xiaohongshu',
  'dianping',
  'haodf',
  'web',
  'mqtt-home',
  'mqtt-bedside',
  'dicom',
  'bed',
  'equipment',
  'roster-doctor',
  'roster-nurse',
  'ad',
  'keyword',
  'consult',
  'referral',
  'truth-visit',
  'truth-lab',
  'truth-voice',
] as const;
export type Door = (typeof DOORS)[number];

export interface Form {
  readonly kind: PartKind;
  readonly folder: Folder;
  readonly source: string;
  readonly fileName: string;
  readonly charset: 'utf-8' | 'gb18030';
  readonly extension: string;
  readonly head: string;
  readonly tail: string;
  readonly separator: string;
  /** Rows are gathered as text and become a workbook when the part is closed. */
  readonly workbook?: WorkbookDoor;
}

const plain = { charset: 'utf-8', head: '', tail: '', separator: '' } as const;
const hl7 = (source: string, more: Partial<Form> = {}): Form => ({
  ...plain,
  kind: 'hl7',
  folder: 'deliver',
  source,
  fileName: source,
  extension: 'hl7',
  ...more,
});
const lines = (kind: 'fhir' | 'mqtt' | 'dicom', folder: Folder, source: string, fileName = source): Form => ({
  ...plain,
  kind,
  folder,
  source,
  fileName,
  extension: 'ndjson',
});
const table = (source: string, file: { name: string; charset: 'utf-8' | 'gb18030' }, header: readonly string[], folder: Folder = 'deliver'): Form => ({
  ...plain,
  kind: 'csv',
  folder,
  source,
  fileName: file.name,
  charset: file.charset,
  extension: 'csv',
  head: `${file.charset === 'utf-8' ? '\ufeff' : ''}${header.join(',')}\r\n`,
});
const workbook = (door: WorkbookDoor, folder: Folder = 'exports'): Form => ({
  ...plain,
  kind: 'xlsx',
  folder,
  source: door,
  fileName: WORKBOOKS[door].name,
  extension: 'xlsx',
  workbook: door,
});
const truth = (fileName: string, head: string): Form => ({
  ...plain,
  kind: 'truth',
  folder: 'truth',
  source: `truth-${fileName}`,
  fileName,
  extension: 'csv',
  head: `${head}\n`,
});
const csv = (door: 'booking' | 'survey' | 'review'): Form => table(door, CSV_FILES[door], CSV_HEADERS[door]);
const platform = (door: keyof typeof PLATFORM_HEADERS): Form => table('review', PLATFORM_FILES[door], PLATFORM_HEADERS[door]);
const desk = (door: keyof typeof DESK_HEADERS): Form => table(door, DESK_FILES[door], DESK_HEADERS[door], 'exports');

const history = Object.fromEntries(
  HISTORY_DOORS.map((door) => [door, table(HISTORY_TABLES[door].source, HISTORY_TABLES[door], HISTORY_TABLES[door].header, 'history')]),
) as Record<HistoryDoor, Form>;

export const FORMS: Record<Door, Form> = {
  ...history,
  // The HIS writes batch files with file and batch headers, in GB18030; the laboratory plain messages in UTF-8.
  his: hl7('his', { charset: 'gb18030', head: 'FHS|^~\\&|HIS|XC1\rBHS|^~\\&|HIS|XC1\r', tail: 'BTS|\rFTS|1\r' }),
  lis: hl7('lis'),
  ris: hl7('ris', { charset: 'gb18030' }),
  doc: hl7('doc'),
  emr: lines('fhir', 'deliver', 'emr'),
  device: lines('fhir', 'deliver', 'device'),
  booking: csv('booking'),
  survey: csv('survey'),
  complaint: workbook('complaint', 'deliver'),
  review: csv('review'),
  weibo: platform('weibo'),
  douyin: platform('douyin'),
  xiaohongshu: platform('xiaohongshu'),
  dianping: platform('dianping'),
  haodf: platform('haodf'),
  web: { ...plain, kind: 'events', folder: 'events', source: 'web', fileName: 'web', extension: 'json', head: '{"batch":[', tail: ']}', separator: ',' },
  'mqtt-home': lines('mqtt', 'mqtt', 'mqtt', 'home'),
  'mqtt-bedside': lines('mqtt', 'mqtt', 'mqtt', 'bedside'),
  dicom: lines('dicom', 'dicom', 'pacs', 'series'),
  bed: workbook('bed'),
  equipment: desk('equipment'),
  'roster-doctor': workbook('roster-doctor'),
  'roster-nurse': workbook('roster-nurse'),
  ad: workbook('ad'),
  keyword: desk('keyword'),
  consult: desk('consult'),
  referral: workbook('referral'),
  'truth-visit': truth(
    'visit',
    'visit,person,class,department,doctor,ward,disease,day,attendance,wait_minutes,ahead,is_named_shift,is_slow_night,overall,response,complained',
  ),
  'truth-lab': truth('lab', 'visit,bench,minutes'),
  'truth-voice': truth('voice', 'id,door,person,kind,overall,aspects'),
};

/** Whether the product has an input for what is said through the door. */
export const isTaken = (door: Door): boolean => TAKEN_FOLDERS.has(FORMS[door].folder);
