"""The words of SQL, Django, Rails, Prisma, JHipster and others for our types, flags and rules.

Names are compared without their case, blanks and underscores.
"""


def names(**groups: str) -> dict[str, str]:
    """Return {name: ours} for groups of names by ours."""
    return {name: ours for ours, text in groups.items() for name in text.split()}


TYPES = names(
    string="""
        str varchar varchar2 nvarchar nvarchar2 char nchar bpchar character charactervarying nationalvarchar charfield
        unicode email emailfield url urlfield uri slug slugfield inet inet4 inet6 cidr macaddr macaddr8 ip ipaddress
        genericipaddressfield macaddress password phone phonenumber tel color token digest ulid cuid nanoid objectid
        remembertoken file filefield filepathfield image imagefield attachment path ltree name commaseparatedintegerfield
    """,
    text="""
        clob nclob tinytext mediumtext longtext ntext citext citextfield textfield unicodetext textblob richtext
        richtextfield markdown html xml tsvector textarea longvarchar
    """,
    smallint="""
        int2 short smallinteger smallintegerfield positivesmallintegerfield smallserial serial2 smallautofield tinyint
        tinyinteger unsignedsmallinteger unsignedtinyinteger byte int16 year
    """,
    integer="""
        int int4 mediumint mediuminteger integerfield positiveintegerfield unsignedinteger unsignedmediuminteger serial
        serial4 autofield increments autoincrement signed unsigned int32 uint uint16 primarykey
    """,
    bigint="""
        int8 long bigserial serial8 biginteger bigintegerfield positivebigintegerfield bigautofield bigincrements
        unsignedbiginteger int64 uint32 uint64 longlong
    """,
    float="double doubleprecision real float4 float8 float32 float64 floatfield single binaryfloat binarydouble",
    numeric="decimal dec money smallmoney bigdecimal decimalfield currency monetary number fixed",
    boolean="bool bit booleanfield nullbooleanfield logical checkbox yesno",
    date="localdate datefield dateonly daterange",
    time="localtime timefield timeonly timetz offsettime timewithouttimezone timewithtimezone",
    datetime="""
        timestamp timestamptz timestampwithtimezone timestampwithouttimezone timestamps instant zoneddatetime
        localdatetime offsetdatetime datetimefield datetimetz datetime2 smalldatetime datetimeoffset utcdatetime
        utcdatetimeusec naivedatetime naivedatetimeusec
    """,
    interval="duration durationfield timedelta timespan period",
    uuid="guid uniqueidentifier uuidfield uuid4 binaryid",
    json="jsonb jsonfield hstore hstorefield map object dict hash mixed jsontype struct",
    bytes="""
        blob bytea binary varbinary binaryvarying binaryfield largebinary longblob mediumblob tinyblob imageblob anyblob
        bytearray buffer raw longraw longvarbinary
    """,
    enum="choice choices select enumeration enumerated",
)
"""Our type for each of theirs.  `text` and the like in another case are ours."""

REFERENCES = names(
    one="references reference belongsto foreignkey foreignkeyfield fk ref foreignid foreignuuid foreignulid manytoone relation",
    unique="onetoone onetoonefield hasone",
    many="manytomany manytomanyfield hasandbelongstomany belongstomany",
    other="hasmany onetomany",
)
"""Words for a reference, and what kind each is: `other` belongs to the model on the other side."""

FLAGS = names(
    unique="unique uniq uniqueindex uniquekey uk isunique uniquetrue",
    index="index dbindex indexed idx key indextrue btree gin indexkey",
    required="""
        notnull required mandatory nonnull nonnullable notempty notblank presence nullfalse isrequired notnullable nonull
        nullablefalse
    """,
    null="null nullable optional nil allownull nulltrue nullabletrue maybe",
    key="primarykey pk primary id identity autoincrement auto increment autonumber generated generatedvalue serial",
    cascade="cascade delete deletecascade ondeletecascade cascadeondelete dependentdestroy destroy deleteall orphanremoval cascadedelete",
    restrict="""
        restrict protect noaction donothing nothing ondeleterestrict restrictondelete restrictwitherror restrictwithexception
        ondeleteprotect deny
    """,
    setnull="setnull nullify nullondelete nilify nilifyall ondeletesetnull setnullondelete setnil nullifyall setdefault",
    now="autonow autonowadd now currenttimestamp usecurrent createdat updatedat createddate updatetimestamp creationtimestamp",
    array="array list many multiple",
    length="length maxlength size limit max_length",
    default="default defaultvalue serverdefault",
    fk="references foreignkey fk ref relation foreign constrained",
    checked="""
        min max minlength minvalue maxvalue minbytes maxbytes pattern regex range between gt gte lt lte positive negative
        validate validates check email url trim
    """,
    dropped="blank comment sensitive readonly hidden editable virtual unsigned fillable visible db map filter sortable",
)
"""What a flag of theirs is."""

MEANINGS = {
    "required": "fields are NOT NULL by default",
    "null": "a ? after the type allows NULL",
    "key": "every model has the key id",
    "now": "the default now sets the time",
    "checked": "add checks to the generated model",
    "dropped": "the declaration has nothing like it",
    "length": "a length follows its type in brackets",
    "default": "a default follows =",
    "array": "[] makes an array",
    "fk": "the type of a reference is a model",
}
"""Why a flag of theirs is written otherwise."""

NOW = (
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "timezone.now",
    "func.now",
    "localtimestamp",
    "getdate",
    "sysdate",
    "datetime.now",
    "datetime.utcnow",
    "today",
)
RANDOM = (
    "uuid",
    "uuid4",
    "uuid.uuid4",
    "gen_random_uuid",
    "uuid_generate_v4",
    "newid",
    "random_uuid",
    "uuidv4",
)
NOTHING = (
    "null",
    "nil",
    "none",
    "undefined",
)
