/* The icons of the workspace, by what they mean. */
export {
  IconAdjustmentsHorizontal, IconAlertTriangle, IconArrowBackUp, IconArrowDown, IconArrowMergeBoth, IconArrowUp, IconBell,
  IconBook2, IconBuilding, IconCalendar, IconCalendarStats, IconCheck, IconChecklist, IconChevronDown, IconChevronLeft,
  IconChevronRight, IconCircle, IconCircleCheck, IconCircleDashed, IconCircleDot, IconCircleX, IconClock, IconCode,
  IconColumns3, IconCopy, IconDeviceLaptop, IconDots, IconDownload, IconEye, IconFileText, IconFilter,
  IconHeadset, IconHelpCircle, IconHistory, IconInbox, IconKey, IconKeyboard, IconLayoutList, IconListDetails,
  IconLock, IconLogout, IconMail, IconMenu2, IconMessage, IconMinus, IconMoon, IconNotes, IconPackage, IconPencil, IconPhone,
  IconPlayerPause, IconPlus, IconRefresh, IconSearch, IconSend, IconSettings, IconShield, IconShieldCheck,
  IconShieldOff, IconShieldX, IconSquareRoundedPlus, IconStack2, IconStar, IconSun, IconTicket, IconTrash, IconUpload, IconUser,
  IconUserCircle, IconUsers, IconUsersGroup, IconWebhook, IconWifiOff, IconX, IconClockPause, IconAntennaBars1,
  IconAntennaBars3, IconAntennaBars5, IconFlame, IconBookmark, IconCategory, IconTool, IconWorld, IconMessageCircle, IconBolt, IconTrendingUp, IconTrendingDown, IconArrowsExchange, IconPlayerPlay, IconChartBar,
} from '@tabler/icons-react';
