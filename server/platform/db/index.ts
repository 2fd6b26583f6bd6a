export { type Cluster, startCluster } from './cluster.ts';
export { DATA_FORMAT, type DataVersion, openDataFolder, readDataFolder } from './data-folder.ts';
export { DatabaseError, isAway, isRetryable, isUniqueViolation } from './database-error.ts';
export { dumpFreshSchema, dumpSchema, schemaFile } from './dump-schema.ts';
export { listMigrations, type Migration, migrate, migrationsPrint, ROOMS } from './migrate.ts';
export { type Database, openDatabase } from './open-database.ts';
export { Pool } from './pool.ts';
