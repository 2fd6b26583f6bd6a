/** A table as a file that spreadsheet programs open: UTF-8 with a mark, and no cell that would run as a formula. */
export type Cell = string | number | boolean | null;

export function csvText(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string => cells.map(field).join(',');
  return `\uFEFF${[line(head), ...rows.map(line)].join('\r\n')}\r\n`;
}

function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function downloadCsv(name: string, head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const address = URL.createObjectURL(new Blob([csvText(head, rows)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name.replaceAll(/[\\/:*?"<>|\s]+/g, '-')}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
