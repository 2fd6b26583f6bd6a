import { catalogue } from '../kernel/index.ts';

/** Why the lake refuses. Sentences name streams, positions, files and sizes; never what a delivery or a fact holds. */
export const refuse = catalogue('lake', {
  'disk-full': {
    status: 507,
    zh: '存储空间不足，数据未接收（{stream}）。已存数据不受影响，请腾出磁盘空间后重新发送。',
    en: 'The disk is full, so the delivery to {stream} was not accepted. What is stored is safe; free some space and send it again.',
  },
  'disk-failed': {
    status: 500,
    zh: '写入磁盘失败（{stream}，{reason}），数据未接收。已存数据不受影响，请检查磁盘后重新发送。',
    en: 'Writing to disk failed ({stream}, {reason}), so the delivery was not accepted. What is stored is safe; check the disk and send it again.',
  },
  'delivery-too-large': {
    status: 413,
    zh: '单次数据为 {bytes} 字节，超过上限 {bytesMax} 字节。请拆分后重新发送。',
    en: 'One delivery holds {bytes} bytes; the limit is {bytesMax}. Split it and send it again.',
  },
  'delivery-invalid': {
    status: 400,
    zh: '数据的 {field} 不合要求（应为：{expected}）。',
    en: 'The {field} of the delivery does not fit; it should be {expected}.',
  },
  'raw-closed': {
    status: 503,
    zh: '系统正在停止，数据未接收。请稍后重新发送。',
    en: 'The system is stopping, so the delivery was not accepted. Send it again in a moment.',
  },
  'segment-unreadable': {
    status: 500,
    zh: '原始数据段 {file} 无法读取（{reason}）。请从备份恢复该文件。',
    en: 'The raw segment {file} cannot be read ({reason}). Restore this file from a backup.',
  },
  'cursor-moved': {
    status: 409,
    zh: '数据流 {stream} 的处理位置不在 {from}，本次结果未记录。请从当前位置重新处理。',
    en: 'The cursor of {stream} is no longer at {from}, so this result was not recorded. Process again from where the cursor is.',
  },
  'unsafe-value': {
    status: 500,
    zh: '事实 {fact} 的列 {column} 出现不允许的内容（第 {row} 行），未写入。请在治理环节将其编码或放入保险库。',
    en: 'Column {column} of fact {fact} holds something a fact may not hold (row {row}); nothing was written. Code it or keep it in the vault.',
  },
  'query-invalid': {
    status: 500,
    zh: '分析查询有误（{kind}）。请联系维护人员。',
    en: 'The analytical query is not valid ({kind}). Tell whoever maintains this page.',
  },
  'query-value': {
    status: 400,
    zh: '分析查询中的值无法转换（{kind}）。请检查查询条件。',
    en: 'A value in the analytical query cannot be converted ({kind}). Check the conditions asked for.',
  },
  'query-memory': {
    status: 503,
    zh: '分析查询超出内存上限 {megabytes} MB。请缩小范围，或调大 warehouseMemoryMb。',
    en: 'The analytical query needs more than the {megabytes} MB it may use. Ask for less, or raise warehouseMemoryMb.',
  },
  'query-too-long': {
    status: 503,
    zh: '分析查询超过 {seconds} 秒，已停止。请缩小范围后重试。',
    en: 'The analytical query took longer than {seconds} seconds and was stopped. Ask for less and try again.',
  },
  'query-too-many-rows': {
    status: 400,
    zh: '分析查询结果超过 {rowsMax} 行。请汇总或缩小范围。',
    en: 'The analytical query gives more than {rowsMax} rows. Aggregate, or ask for less.',
  },
  'engine-failed': {
    status: 500,
    zh: '分析引擎出错（{kind}）。请稍后重试；若再次出现，请联系维护人员。',
    en: 'The analytical engine failed ({kind}). Try again; if it happens again, tell whoever maintains the system.',
  },
});
