/** The columns of one file by name: where they are and what their cells say. */
import { type Noted, noted } from '../errors.ts';
import { cleanCell } from './convert.ts';
import { plainName } from './header.ts';
import { type MappingColumn, namesOf } from './mapping.ts';

export type Cells = readonly string[];

export const isNoted = (value: unknown): value is Noted => typeof value === 'object' && value !== null && 'reasonZh' in value;

/** `4.40308E+17`: an id a spreadsheet has taken for a number. */
const SCIENTIFIC = /^\d(?:\.\d+)?E\+?\d{1,3}$/i;
export const isIntactId = (cell: string): boolean => !SCIENTIFIC.test(cell);

export class Sheet {
  readonly width: number;
  readonly #names: readonly string[];
  readonly #positions: ReadonlyMap<string, number>;

  constructor(header: readonly string[]) {
    this.width = header.length;
    this.#names = header.map((each) => each.trim());
    this.#positions = new Map(header.map((each, at) => [plainName(each), at]));
  }

  /** Null when the header has none of the column's names. */
  at(column: MappingColumn | undefined): number | null {
    if (column === undefined) return null;
    for (const name of namesOf(column)) {
      const at = this.#positions.get(plainName(name));
      if (at !== undefined) return at;
    }
    return null;
  }

  name(at: number | null): string {
    return at === null ? '' : (this.#names[at] ?? '');
  }

  /** Null when empty or absent. */
  cell(cells: Cells, at: number | null): string | null {
    if (at === null) return null;
    const plain = cleanCell(cells[at] ?? '');
    return plain === '' ? null : plain;
  }

  /** An id stays text; one whose digits a spreadsheet has taken is refused. */
  checkId(cells: Cells, at: number | null): Noted | null {
    const cell = this.cell(cells, at);
    return cell !== null && !isIntactId(cell) ? noted('csv-scientific', { column: this.name(at) }) : null;
  }
}
