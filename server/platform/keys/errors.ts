import { catalogue } from '../../kernel/index.ts';

export const refuse = catalogue('keys', {
  missing: {
    status: 500,
    zh: '数据库已有加密数据，但在 {folder} 找不到本实例的密钥。请恢复该密钥文件（或用 XINGLIN_KEYS 指向它）后再启动。',
    en: 'The database holds encrypted data but its keys are not in {folder}. Restore that key file, or point XINGLIN_KEYS to it, and start again.',
  },
  mismatch: {
    status: 500,
    zh: '{folder} 中的密钥不属于这个数据库。请使用与该数据文件夹一起备份的密钥。',
    en: 'The keys in {folder} do not belong to this database. Use the keys that were backed up with this data folder.',
  },
  unreadable: {
    status: 500,
    zh: '密钥文件 {file} 无法读取或已损坏，请从备份恢复。',
    en: 'The key file {file} cannot be read or is damaged; restore it from a backup.',
  },
  'open-failed': {
    status: 500,
    zh: '有一段加密内容无法解开（已损坏、被改动，或其密钥已按删除请求销毁）。',
    en: 'A piece of sealed content cannot be opened: it is damaged, was changed, or its key was destroyed by an erasure.',
  },
});
