/** Pages of `docs/reference` made from the code: the error catalogue and the data dictionary. `test/reference.test.ts` holds them current. */
import { COMMON_COLUMNS, type Column, DIMENSIONS, FACT_NAMES, FACTS, PERMISSIONS, ROLES } from '@xinglin/contracts';
import './app.ts';
import './init.ts';
import './serve.ts';
import { catalogued } from './kernel/index.ts';

/** File name under `docs/reference` → text. */
export function referencePages(): Record<string, string> {
  return { 'errors.md': errorsPage(), 'facts.md': factsPage(), 'roles.md': rolesPage() };
}

const MADE = 'Made from the code by `npm run reference`; do not edit.';

function errorsPage(): string {
  const rows = [...catalogued]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, entry]) => `| \`${code}\` | ${entry.status} | ${cell(entry.zh)} | ${cell(entry.en)} |`);
  return `# Errors 错误码\n\n${MADE} Over HTTP an error is a problem document (RFC 9457) with \`code\`, \`detail\` and \`detailZh\`; words in braces are filled with ids, counts and field names.\n\n| code | status | 中文 | English |\n|---|---|---|---|\n${rows.join('\n')}\n`;
}

function factsPage(): string {
  const table = (columns: readonly Column[]) =>
    `| column | kind | 中文 | English |\n|---|---|---|---|\n${columns.map((c) => `| \`${c.name}\` | ${cell(c.kind)} | ${cell(c.zh)} | ${cell(c.en)} |`).join('\n')}\n`;
  const facts = FACT_NAMES.map((name) => `## ${name}\n\n${table(FACTS[name])}`);
  return `# Facts 事实\n\n${MADE} Parquet under \`DATA/facts/fact=NAME/month=YYYY-MM\`. Nothing here names anybody: keys are keyed hashes, codes come from dictionaries, words are in the vault and known by \`text_id\`. Dimensions: ${DIMENSIONS.join(', ')}.\n\n## Every fact\n\n${table(COMMON_COLUMNS)}\n${facts.join('\n')}`;
}

function rolesPage(): string {
  const rows = Object.entries(PERMISSIONS).map(
    ([permission, roles]) => `| \`${permission}\` | ${ROLES.map((role) => ((roles as readonly string[]).includes(role) ? '✓' : '')).join(' | ')} |`,
  );
  return `# Roles and permissions 角色与权限\n\n${MADE} Rows and columns are narrowed further by \`scope(viewer, relation)\`: department heads see their departments, the president sees figures without keys.\n\n| permission | ${ROLES.join(' | ')} |\n|---|${ROLES.map(() => '---').join('|')}|\n${rows.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
