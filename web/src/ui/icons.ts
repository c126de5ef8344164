// The icons that the console uses, by what they mean. Add one here rather than importing it elsewhere.
import type { FunctionalComponent, HTMLAttributes, VNodeProps } from 'vue'
import Alert from '@bitrix24/b24icons-vue/outline/AlertIcon'
import Apps from '@bitrix24/b24icons-vue/outline/AppsIcon'
import ArrowDownS from '@bitrix24/b24icons-vue/outline/ArrowDownSIcon'
import ArrowTopS from '@bitrix24/b24icons-vue/outline/ArrowTopSIcon'
import Box from '@bitrix24/b24icons-vue/outline/BoxIcon'
import BusinessProcess from '@bitrix24/b24icons-vue/outline/BusinessProcessIcon'
import Calendar from '@bitrix24/b24icons-vue/outline/CalendarIcon'
import CalendarWithSlots from '@bitrix24/b24icons-vue/outline/CalendarWithSlotsIcon'
import Chats from '@bitrix24/b24icons-vue/outline/ChatsIcon'
import CheckM from '@bitrix24/b24icons-vue/outline/CheckMIcon'
import ChevronDownM from '@bitrix24/b24icons-vue/outline/ChevronDownMIcon'
import ChevronLeftM from '@bitrix24/b24icons-vue/outline/ChevronLeftMIcon'
import ChevronRightM from '@bitrix24/b24icons-vue/outline/ChevronRightMIcon'
import ChevronTopM from '@bitrix24/b24icons-vue/outline/ChevronTopMIcon'
import CircleCheck from '@bitrix24/b24icons-vue/outline/CircleCheckIcon'
import CloudDownload from '@bitrix24/b24icons-vue/outline/CloudDownloadIcon'
import CloudSync from '@bitrix24/b24icons-vue/outline/CloudSyncIcon'
import Contrast from '@bitrix24/b24icons-vue/outline/ContrastIcon'
import Copy from '@bitrix24/b24icons-vue/outline/CopyIcon'
import Crm from '@bitrix24/b24icons-vue/outline/CrmIcon'
import CrossL from '@bitrix24/b24icons-vue/outline/CrossLIcon'
import CrossM from '@bitrix24/b24icons-vue/outline/CrossMIcon'
import CrossedEye from '@bitrix24/b24icons-vue/outline/CrossedEyeIcon'
import Crown from '@bitrix24/b24icons-vue/outline/CrownIcon'
import Database from '@bitrix24/b24icons-vue/outline/DatabaseIcon'
import Delivery from '@bitrix24/b24icons-vue/outline/DeliveryIcon'
import Department from '@bitrix24/b24icons-vue/outline/DepartmentIcon'
import DeveloperResources from '@bitrix24/b24icons-vue/outline/DeveloperResourcesIcon'
import Download from '@bitrix24/b24icons-vue/outline/DownloadIcon'
import Earth from '@bitrix24/b24icons-vue/outline/EarthIcon'
import EditM from '@bitrix24/b24icons-vue/outline/EditMIcon'
import File from '@bitrix24/b24icons-vue/outline/FileIcon'
import Filter2Lines from '@bitrix24/b24icons-vue/outline/Filter2LinesIcon'
import Folder from '@bitrix24/b24icons-vue/outline/FolderIcon'
import GraphsDiagram from '@bitrix24/b24icons-vue/outline/GraphsDiagramIcon'
import Group from '@bitrix24/b24icons-vue/outline/GroupIcon'
import HamburgerMenu from '@bitrix24/b24icons-vue/outline/HamburgerMenuIcon'
import Handshake from '@bitrix24/b24icons-vue/outline/HandshakeIcon'
import Headset from '@bitrix24/b24icons-vue/outline/HeadsetIcon'
import InfoCircle from '@bitrix24/b24icons-vue/outline/InfoCircleIcon'
import Kanban from '@bitrix24/b24icons-vue/outline/KanbanIcon'
import Keyboard from '@bitrix24/b24icons-vue/outline/KeyboardIcon'
import Link from '@bitrix24/b24icons-vue/outline/LinkIcon'
import LinkSettings from '@bitrix24/b24icons-vue/outline/LinkSettingsIcon'
import LockM from '@bitrix24/b24icons-vue/outline/LockMIcon'
import LogOut from '@bitrix24/b24icons-vue/outline/LogOutIcon'
import MailSend from '@bitrix24/b24icons-vue/outline/MailSendIcon'
import Moon from '@bitrix24/b24icons-vue/outline/MoonIcon'
import MoreM from '@bitrix24/b24icons-vue/outline/MoreMIcon'
import Newsfeed from '@bitrix24/b24icons-vue/outline/NewsfeedIcon'
import Notification from '@bitrix24/b24icons-vue/outline/NotificationIcon'
import Observer from '@bitrix24/b24icons-vue/outline/ObserverIcon'
import PauseM from '@bitrix24/b24icons-vue/outline/PauseMIcon'
import Person from '@bitrix24/b24icons-vue/outline/PersonIcon'
import PlayM from '@bitrix24/b24icons-vue/outline/PlayMIcon'
import PlusM from '@bitrix24/b24icons-vue/outline/PlusMIcon'
import Poll from '@bitrix24/b24icons-vue/outline/PollIcon'
import ProductsCube from '@bitrix24/b24icons-vue/outline/ProductsCubeIcon'
import Question from '@bitrix24/b24icons-vue/outline/QuestionIcon'
import Refresh from '@bitrix24/b24icons-vue/outline/RefreshIcon'
import RepeatCycle from '@bitrix24/b24icons-vue/outline/RepeatCycleIcon'
import Search from '@bitrix24/b24icons-vue/outline/SearchIcon'
import ServerSettings from '@bitrix24/b24icons-vue/outline/ServerSettingsIcon'
import SetColumns from '@bitrix24/b24icons-vue/outline/SetColumnsIcon'
import SettingsM from '@bitrix24/b24icons-vue/outline/SettingsMIcon'
import Shield from '@bitrix24/b24icons-vue/outline/ShieldIcon'
import ShoppingCart from '@bitrix24/b24icons-vue/outline/ShoppingCartIcon'
import StructureVertical from '@bitrix24/b24icons-vue/outline/StructureVerticalIcon'
import Sun from '@bitrix24/b24icons-vue/outline/SunIcon'
import TaskList from '@bitrix24/b24icons-vue/outline/TaskListIcon'
import Text from '@bitrix24/b24icons-vue/outline/TextIcon'
import ThreePersons from '@bitrix24/b24icons-vue/outline/ThreePersonsIcon'
import Trashcan from '@bitrix24/b24icons-vue/outline/TrashcanIcon'
import Upload from '@bitrix24/b24icons-vue/outline/UploadIcon'
import UserProfile from '@bitrix24/b24icons-vue/outline/UserProfileIcon'
import Verification from '@bitrix24/b24icons-vue/outline/VerificationIcon'

export type Icon = FunctionalComponent<HTMLAttributes & VNodeProps>

export const icons = {
  add: PlusM,
  remove: CrossM,
  close: CrossL,
  edit: EditM,
  delete: Trashcan,
  copy: Copy,
  search: Search,
  settings: SettingsM,
  menu: HamburgerMenu,
  more: MoreM,
  done: CircleCheck,
  check: CheckM,
  warning: Alert,
  info: InfoCircle,
  user: Person,
  users: ThreePersons,
  structure: StructureVertical,
  show: Observer,
  hide: CrossedEye,
  refresh: Refresh,
  replay: RepeatCycle,
  pause: PauseM,
  play: PlayM,
  download: Download,
  upload: Upload,
  link: Link,
  developer: DeveloperResources,
  integrations: LinkSettings,
  deliveries: Delivery,
  statistics: GraphsDiagram,
  crm: Crm,
  portal: ServerSettings,
  audit: Verification,
  lock: LockM,
  roles: Shield,
  sun: Sun,
  moon: Moon,
  theme: Contrast,
  language: Earth,
  signOut: LogOut,
  account: UserProfile,
  keyboard: Keyboard,
  up: ChevronTopM,
  down: ChevronDownM,
  left: ChevronLeftM,
  right: ChevronRightM,
  sortUp: ArrowTopS,
  sortDown: ArrowDownS,
  filter: Filter2Lines,
  columns: SetColumns,
  empty: Box,
  orders: ShoppingCart,
  products: ProductsCube,
  inbound: CloudDownload,
  outbound: CloudSync,
  send: MailSend,
  bell: Notification,
  code: Text,
  importExport: Database,
  sync: CloudSync,
  workflows: BusinessProcess,
  tasks: TaskList,
  board: Kanban,
  groups: Group,
  feed: Newsfeed,
  calendar: Calendar,
  booking: CalendarWithSlots,
  lines: Headset,
  poll: Poll,
  file: File,
  folder: Folder,
  widget: Apps,
  bot: Chats,
  messages: Chats,
  deal: Handshake,
  department: Department,
  crown: Crown,
  help: Question
} satisfies Record<string, Icon>
