# total 100ms
# prints User
# with stand_in sqlalchemy
from sqlalchemy import Column, Integer, create_engine
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)


engine = create_engine("sqlite://")
with Session(engine) as session:
    user = User(name="a")
    session.add(user)
    session.commit()
    print(type(user).__name__)
