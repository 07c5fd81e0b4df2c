/* The time allowed by priority and tier, as a grid to type in. An empty cell is as the column "any
 * tier" says, and that as the rule's own target. */
import { ActionIcon, Button, Popover, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { IconPlus, IconX } from '@/parts/icons';
import { Status } from '@/parts/Status';
import { d } from '@/text/designers';
import { DurationField } from './DurationField';
import { matrixOf, priorities, type Rule, short, targetFor, targetsOf } from './rules';
import css from './TargetGrid.module.css';

function AddTier({ taken, onAdd }: { taken: string[]; onAdd: (tier: string) => void }) {
  const [opened, setOpened] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const tier = String(new FormData(event.currentTarget).get('tier') ?? '').trim();
    setOpened(false);
    if (tier && !taken.includes(tier)) onAdd(tier);
  };
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target><Button variant="subtle" size="compact-xs" leftSection={<IconPlus size={14} />} onClick={() => setOpened(!opened)}>{d('pol.add_tier')}</Button></Popover.Target>
      <Popover.Dropdown>
        <form className={css.add} onSubmit={submit}><TextInput name="tier" label={d('pol.tier')} data-autofocus /><Button type="submit">{d('cal.add')}</Button></form>
      </Popover.Dropdown>
    </Popover>
  );
}

export function TargetGrid({ rule, onChange, readOnly }: { rule: Rule; onChange: (change: Partial<Rule>) => void; readOnly: boolean }) {
  /* A tier that has no target of its own yet lives here only. */
  const [extra, setExtra] = useState<string[]>([]);
  const matrix = matrixOf(rule);
  const tiers = [...new Set([...Object.keys(matrix), ...extra])];
  const set = (tier: string, priority: string, target: string | null) =>
    onChange({ targets: targetsOf({ ...matrix, [tier]: { ...matrix[tier], [priority]: target ?? '' } }) });
  const drop = (tier: string) => {
    setExtra(extra.filter((one) => one !== tier));
    onChange({ targets: targetsOf(Object.fromEntries(Object.entries(matrix).filter(([name]) => name !== tier))) });
  };
  return (
    <div>
      <div className={css.top}>
        <DurationField label={d('pol.m_target')} placeholder={d('pol.not_for_others')} readOnly={readOnly} value={rule.target} onChange={(target) => onChange({ target, targets: targetsOf(matrix) })} />
        {!readOnly && <AddTier taken={tiers} onAdd={(tier) => setExtra([...extra, tier])} />}
      </div>
      <div className={css.scroll}>
        <table className={css.grid} aria-label={d('pol.matrix')}>
          <thead>
            <tr>
              <th scope="col">{d('pol.priority')}</th>
              {tiers.map((tier) => (
                <th key={tier} scope="col">
                  <span>{tier || d('pol.any_tier')}</span>
                  {tier && !readOnly && <ActionIcon size={20} aria-label={d('pol.drop_tier', { tier })} onClick={() => drop(tier)}><IconX size={12} /></ActionIcon>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {priorities.map((priority) => (
              <tr key={priority}>
                <th scope="row"><Status word={priority} /></th>
                {tiers.map((tier) => (
                  <td key={tier}>
                    <DurationField variant="unstyled" classNames={{ input: css.cell }} aria-label={d('pol.cell', { priority, tier: tier || d('pol.any_tier') })} readOnly={readOnly}
                      placeholder={short(tier ? targetFor(rule, priority, null) : rule.target) || '–'} value={matrix[tier]?.[priority] || null} onChange={(target) => set(tier, priority, target)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}
