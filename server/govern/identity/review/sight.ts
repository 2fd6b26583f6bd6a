/** What a reviewer may read of a person. Whole names, addresses and birth dates need `patient.identity`; numbers are masked for everyone. */
import { mayRole, type StaffViewer } from '@xinglin/contracts';
import { maskName, maskNumber, maskPhone } from '../../privacy/mask.ts';
import { readPhone } from '../identifiers.ts';

export interface Sight {
  name(raw: string): string;
  birth(date: string): string;
  phone(raw: string): string;
  number(raw: string): string;
  address(text: string): string;
  /** For a person without any name. */
  nobody(personId: string): string;
}

/** As much of an address as names a district, not a house. */
const ADDRESS_LENGTH = 9;

/** For comparing: whoever decides reads names whole if their role may know people. */
export const reviewSight = (viewer: StaffViewer): Sight => sight(mayRole(viewer.role, 'patient.identity'));

function sight(isWhole: boolean): Sight {
  return {
    name: (raw) => (isWhole ? raw : maskName(raw)),
    birth: (date) => (isWhole ? date : date.slice(0, 7)),
    phone: (raw) => maskPhone(readPhone(raw)?.number ?? raw),
    number: (raw) => maskNumber(raw, 'detail'),
    address: (text) => (isWhole || [...text].length <= ADDRESS_LENGTH ? text : `${[...text].slice(0, ADDRESS_LENGTH).join('')}…`),
    nobody: (personId) => `患者 ${personId.slice(-4)}`,
  };
}

/** For every other page: masked, whoever reads. */
export const MASKED: Sight = sight(false);
