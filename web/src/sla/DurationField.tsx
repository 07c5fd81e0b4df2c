import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';
import { d } from '@/text/designers';
import { isoOf, short } from './rules';

/* A duration as people write it: "8h", "1h 30m", "2d". What cannot be read stays in the field and is told. */
export function DurationField({ value, onChange, error, ...more }: Omit<TextInputProps, 'value' | 'onChange'> & { value: string | null | undefined; onChange: (iso: string | null) => void }) {
  const [typed, setTyped] = useState<string | null>(null);
  const bad = typed !== null && typed.trim() !== '' && isoOf(typed) === null;
  return (
    <TextInput {...more} autoComplete="off" value={typed ?? short(value)} error={error || (bad && d('pol.no_duration'))}
      onChange={(event) => {
        const text = event.currentTarget.value;
        setTyped(text);
        if (text.trim() === '') onChange(null);
        else if (isoOf(text) !== null) onChange(isoOf(text));
      }}
      onBlur={() => { if (!bad) setTyped(null); }} />
  );
}
