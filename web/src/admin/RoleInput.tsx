/* A role, each with whom it is for. */
import { Select } from '@mantine/core';
import { useMeta } from '@/api/meta';
import type { InputProps } from '@/records/inputs';
import { humanize } from '@/text/words';
import css from './Words.module.css';

export default function RoleInput({ field, value, onChange, locked, error, bare }: InputProps) {
  const { roles } = useMeta();
  const known = roles.filter((role) => field.values.includes(role.code));
  const detail = known.find((role) => role.code === value)?.detail;
  return (
    <Select
      label={bare ? undefined : field.label} aria-label={bare ? field.label : undefined} description={bare ? undefined : detail ?? field.meaning} inputWrapperOrder={['label', 'input', 'description', 'error']}
      withAsterisk={!bare && field.rule === 'required'} allowDeselect={false} disabled={locked} error={error} maxDropdownHeight={420}
      value={typeof value === 'string' ? value : null} onChange={onChange}
      data={known.map((role) => ({ value: role.code, label: humanize(role.code) }))}
      renderOption={({ option }) => <span className={css.option}>{option.label}<small>{known.find((role) => role.code === option.value)?.detail}</small></span>}
    />
  );
}
