import { catalogue } from '../../../kernel/index.ts';

/** Refusals of `xinglin link`. Files, columns and counts only, never a value. */
export const refuse = catalogue('link', {
  'no-file': {
    status: 422,
    zh: '无法读取文件 {file}。请给出存在且可读的 CSV 或 Parquet 文件。',
    en: 'The file {file} cannot be read. Give a CSV or Parquet file that exists and may be read.',
  },
  'bad-file': {
    status: 422,
    zh: '文件 {file} 不是可以识别的 CSV 或 Parquet。请使用带表头的 UTF-8 CSV，或以 .parquet 结尾的文件。',
    en: 'The file {file} is not a readable CSV or Parquet. Use a UTF-8 CSV with a header line, or a file ending in .parquet.',
  },
  'no-rows': { status: 422, zh: '文件中没有数据行。请给出至少一行数据。', en: 'The files have no rows. Give at least one row under the header.' },
  'no-evidence': {
    status: 422,
    zh: '只识别出 {count} 个可用于匹配的列，至少需要两个。请在 --config 的 columns 中指明，例如 {"columns":{"full-name":"列名","birth-date":"列名"}}。',
    en: 'Only {count} column usable for linking was recognised and two are needed. Name them in --config, such as {"columns":{"full-name":"…","birth-date":"…"}}.',
  },
  'repeated-id': {
    status: 422,
    zh: '列 {column} 在文件 {file} 中有 {count} 个编号对应不同内容的行。请指定每行唯一的记录编号列。',
    en: 'In {file}, {count} values of the column {column} stand for rows that differ. Choose a record id column that is unique per row.',
  },
  'bad-config': {
    status: 422,
    zh: '配置文件 {file} 有误：{reason}。',
    en: 'The config file {file} is wrong: {reason}.',
  },
  'bad-threshold': { status: 422, zh: '阈值必须大于 0 且小于 1，例如 0.5。', en: 'The threshold must be more than 0 and less than 1, such as 0.5.' },
  'bad-output': {
    status: 422,
    zh: '无法写入 {file}。请给出可写且不是输入文件的路径。',
    en: 'Cannot write {file}. Give a path that may be written and is none of the files read.',
  },
});
