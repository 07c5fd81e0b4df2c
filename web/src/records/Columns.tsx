import { Button, Checkbox, Popover } from '@mantine/core';
import type { MetaType } from '@/api/meta';
import { IconColumns3 } from '@/parts/icons';
import { t } from '@/text/t';
import { columnsOf, isListable } from './arrange';
import css from './Columns.module.css';

/* Which fields are columns. Chosen ones keep their order; new ones come last. */
export function Columns({ type, columns, onChange }: {
  type: MetaType;
  columns: string[];
  onChange: (columns: string[] | null) => void;
}) {
  const fields = type.fields.filter(isListable);
  const rank = (name: string) => (columns.includes(name) ? columns.indexOf(name) : columns.length);
  const toggle = (name: string) => {
    const next = columns.includes(name) ? columns.filter((one) => one !== name) : [...columns, name];
    if (next.length > 0) onChange(next);
  };
  return (
    <Popover position="bottom-end" trapFocus withinPortal>
      <Popover.Target>
        <Button variant="subtle" color="gray" size="xs" className={css.open} leftSection={<IconColumns3 size={15} />}>{t('list.columns')}</Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('list.columns')}>
        <div className={css.fields}>
          {fields.sort((a, b) => rank(a.name) - rank(b.name)).map((field) => (
            <Checkbox key={field.name} size="xs" label={field.label} checked={columns.includes(field.name)} onChange={() => toggle(field.name)} />
          ))}
        </div>
        <Button variant="subtle" size="xs" mt={8} disabled={columns.join() === columnsOf(type).join()} onClick={() => onChange(null)}>
          {t('list.reset_columns')}
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
