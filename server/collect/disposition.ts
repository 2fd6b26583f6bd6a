/** 离院方式 of the front page of a hospital record (住院病案首页), one digit: how a stay ended. */
export const DISPOSITION_DIGITS = { '1': 'home', '2': 'transfer', '3': 'community', '4': 'against-advice', '5': 'died', '9': 'other' } as const;
