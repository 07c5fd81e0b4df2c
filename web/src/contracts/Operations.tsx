/* The operations of a contract: a menu for the whole of it, buttons for the lines that are selected. */
import { Button, Menu } from '@mantine/core';
import { Fragment, useRef, useState } from 'react';
import { IconBolt, IconChevronDown } from '@/parts/icons';
import { useKeys } from '@/parts/keys';
import { t, tn } from '@/text/t';
import type { Offer, Operation } from './operations';
import css from './Operations.module.css';

const groups: Operation['group'][] = ['change', 'pause', 'term', 'move'];

export function OperationsMenu({ offers, onStart }: { offers: Offer[]; onStart: (offer: Offer) => void }) {
  const [open, setOpen] = useState(false);
  const target = useRef<HTMLButtonElement>(null);
  /* The focus is at the button first: a key that is pressed anywhere else closes the menu. */
  useKeys({ a: () => { target.current?.focus(); setOpen(offers.length > 0); } });
  if (offers.length === 0) return null;
  return (
    <Menu position="bottom-end" width={240} opened={open} onChange={setOpen}>
      <Menu.Target><Button ref={target} leftSection={<IconBolt size={15} aria-hidden />} rightSection={<IconChevronDown size={14} aria-hidden />}>{t('ops.title')}</Button></Menu.Target>
      <Menu.Dropdown>
        {groups.map((group) => {
          const items = offers.filter((offer) => offer.operation.group === group);
          if (items.length === 0) return null;
          return (
            <Fragment key={group}>
              <Menu.Label>{t(`ops.${group}`)}</Menu.Label>
              {items.map((offer) => {
                const Shown = offer.operation.icon;
                return <Menu.Item key={offer.operation.name} leftSection={<Shown size={15} aria-hidden />} onClick={() => onStart(offer)}>{offer.action.label}</Menu.Item>;
              })}
            </Fragment>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

export function SelectionBar({ count, offers, onStart, onClear }: { count: number; offers: Offer[]; onStart: (offer: Offer) => void; onClear: () => void }) {
  useKeys({ escape: onClear });
  return (
    <div className={css.bar} role="toolbar" aria-label={t('ops.selection')}>
      <b className="num">{tn('list.selected', count)}</b>
      {offers.filter((offer) => offer.operation.takes !== 'none').map((offer) => {
        const Shown = offer.operation.icon;
        return <Button key={offer.operation.name} size="xs" variant="default" leftSection={<Shown size={14} aria-hidden />} onClick={() => onStart(offer)}>{offer.action.label}</Button>;
      })}
      <Button size="xs" variant="subtle" onClick={onClear}>{t('list.deselect')}</Button>
    </div>
  );
}
