import { pickName } from '@xinglin/web-shared/language.ts';
import { Checkbox, Segmented, Select } from 'antd';
import { useWords } from '../i18n.ts';

export interface WorklistFiltersProps {
  readonly states: readonly { value: string; label: string }[];
  readonly state: string;
  readonly onState: (state: string) => void;
  readonly stateLabel: string;
  readonly departments: readonly { code: string; nameZh: string; nameEn: string | null }[];
  readonly department: string | undefined;
  readonly onDepartment: (department: string | undefined) => void;
  readonly mineLabel: string;
  readonly isMine: boolean;
  readonly onMine: (isMine: boolean) => void;
}

/** The one row of filters both worklists share. */
export function WorklistFilters(props: WorklistFiltersProps) {
  const { t, language } = useWords();
  return (
    <>
      <Segmented aria-label={props.stateLabel} value={props.state} onChange={props.onState} options={[...props.states]} />
      {props.departments.length > 1 && (
        <Select
          aria-label={t('state.department')}
          style={{ width: 160 }}
          value={props.department ?? ''}
          onChange={(code) => props.onDepartment(code === '' ? undefined : code)}
          options={[
            { value: '', label: t('state.allDepartments') },
            ...props.departments.map((department) => ({ value: department.code, label: pickName(department, language) })),
          ]}
        />
      )}
      <Checkbox checked={props.isMine} onChange={(event) => props.onMine(event.target.checked)}>
        {props.mineLabel}
      </Checkbox>
    </>
  );
}
