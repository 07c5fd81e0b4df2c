import { createTheme } from '@mantine/core';

/* Colours and sizes are CSS (style/tokens.css); this is how controls behave. */
const still = { transitionProps: { duration: 0 } };
const dialog = { lockScroll: false, transitionProps: { duration: 120, transition: 'fade' as const } };
/* The head of a dialog is no banner of the page. */
const headless = { header: { role: 'presentation' } };

export const theme = createTheme({
  primaryColor: 'blue',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 28 } },
    Modal: { defaultProps: { ...dialog, padding: 24, attributes: headless } },
    Drawer: { defaultProps: { ...dialog, attributes: headless } },
    /* Beside its button: inside the page's landmarks, and next in the order of the focus. */
    Menu: { defaultProps: { ...still, shadow: 'md', withinPortal: false, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { ...still, shadow: 'md', returnFocus: true } },
    Combobox: { defaultProps: { ...still, shadow: 'md' } },
    Select: { defaultProps: { comboboxProps: still, checkIconPosition: 'right' } },
    MultiSelect: { defaultProps: { comboboxProps: still } },
    Tooltip: { defaultProps: { openDelay: 400, ...still } },
  },
});
